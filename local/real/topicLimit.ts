import { Admin, ConfigResourceTypes, IncrementalAlterConfigOperationTypes } from '@platformatic/kafka';

/**
 * Sets, from a moment later on, the largest record batch that the broker takes for a topic, `undefined` to give it back the broker's own limit (1 MB).
 * https://kafka.apache.org/37/documentation.html#topicconfigs_max.message.bytes
 */
export async function limitRecords(bootstrapServers: string, topic: string, bytes: number | undefined): Promise<void> {
  const admin = new Admin({ clientId: 'topic-limit', bootstrapBrokers: bootstrapServers.split(',') });
  const name = 'max.message.bytes';
  const { SET, DELETE } = IncrementalAlterConfigOperationTypes;
  try {
    await admin.incrementalAlterConfigs({
      resources: [
        {
          resourceType: ConfigResourceTypes.TOPIC,
          resourceName: topic,
          configs: [
            bytes === undefined
              ? { name, configOperation: DELETE }
              : { name, configOperation: SET, value: String(bytes) },
          ],
        },
      ],
    });
  } finally {
    await admin.close();
  }
}
