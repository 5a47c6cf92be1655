/** Loaded before a product's own code (`node --import`): its process ends when whoever started it does. Nothing is ever sent over the channel. */
process.on('disconnect', () => process.exit(0));
