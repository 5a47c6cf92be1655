import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * What JDK-8241239 is about, and nothing else: one thread is blocked in a write to a TLS socket whose peer does not read, or in a read from one whose peer is
 * silent; another closes the socket. No connector takes part, so that it shows what this JDK does by itself. Arguments: port, protocol, SO_LINGER in seconds or
 * -1 for none, trust store, its password's file, `write` or `read`. Prints one line: protocol, cipher suite, bytes written, milliseconds until close() returned or -1 when it had not after ten seconds, and
 * where the closing thread stood then.
 */
public final class CloseWhileBlocked {
    public static void main(String[] args) throws Exception {
        SSLSocket socket = connect(Integer.parseInt(args[0]), args[1], args[3], args[4]);
        int linger = Integer.parseInt(args[2]);
        if (linger >= 0) {
            socket.setSoLinger(true, linger);
        }
        AtomicLong written = new AtomicLong();
        boolean writes = args[5].equals("write");
        Thread blocked = new Thread(() -> { if (writes) writeForEver(socket, written); else readForEver(socket); }, "blocked");
        blocked.setDaemon(true);
        blocked.start();
        for (long before = -1; before != written.get(); Thread.sleep(2000)) {
            before = written.get();
        }

        long beganAt = System.nanoTime();
        Thread closer = new Thread(() -> close(socket), "closer");
        closer.setDaemon(true);
        closer.start();
        closer.join(10_000);
        long tookMs = closer.isAlive() ? -1 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganAt);
        StringBuilder where = new StringBuilder();
        for (StackTraceElement frame : closer.getStackTrace()) {
            if (frame.getClassName().startsWith("sun.security.ssl")) {
                where.append(where.length() == 0 ? "" : " < ").append(frame.getMethodName()).append(':').append(frame.getLineNumber());
            }
        }
        System.out.println(socket.getSession().getProtocol() + " " + socket.getSession().getCipherSuite() + " " + written + " " + tookMs + " " + where);
        Runtime.getRuntime().halt(0);
    }

    private static SSLSocket connect(int port, String protocol, String trustStore, String passwordFile) throws Exception {
        char[] password = new String(java.nio.file.Files.readAllBytes(java.nio.file.Path.of(passwordFile))).trim().toCharArray();
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        try (InputStream in = new FileInputStream(trustStore)) {
            trusted.load(in, password);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setEnabledProtocols(new String[] {protocol});
        socket.startHandshake();
        return socket;
    }

    private static void writeForEver(SSLSocket socket, AtomicLong written) {
        byte[] block = new byte[16_384];
        try {
            OutputStream out = socket.getOutputStream();
            for (;;) {
                out.write(block);
                written.addAndGet(block.length);
            }
        } catch (IOException closed) {
            // That is how it ends where close() gets through.
        }
    }

    private static void readForEver(SSLSocket socket) {
        try {
            socket.getInputStream().read();
        } catch (IOException closed) {
            // As above.
        }
    }

    private static void close(SSLSocket socket) {
        try {
            socket.close();
        } catch (IOException failed) {
            // It returned, which is what is asked.
        }
    }
}
