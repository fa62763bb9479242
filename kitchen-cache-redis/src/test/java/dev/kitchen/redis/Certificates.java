package dev.kitchen.redis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A key and a certificate for a host that it signs itself, made by the JDK's keytool.
 *
 * @param trustStore for Java, with the certificate
 */
record Certificates(Path certificate, Path key, Path trustStore) {

    static final String TRUST_STORE = "javax.net.ssl.trustStore";

    private static final String PASSWORD = "changeit";
    private static final String ALIAS = "redis";

    static Certificates forHost(String host, Path directory)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = directory.resolve("redis.p12");
        keytool(
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "RSA",
                "-dname",
                "CN=" + host,
                "-ext",
                "san=dns:" + host,
                "-ext",
                "bc:c",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        byte[] key = keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded();
        byte[] certificate = keys.getCertificate(ALIAS).getEncoded();
        return new Certificates(
                pem(directory.resolve("redis.crt"), "CERTIFICATE", certificate),
                pem(directory.resolve("redis.key"), "PRIVATE KEY", key),
                trustStore(directory.resolve("trust.jks"), keys));
    }

    private static Path trustStore(Path file, KeyStore keys) throws IOException, GeneralSecurityException {
        KeyStore trust = KeyStore.getInstance("JKS");
        trust.load(null, null);
        trust.setCertificateEntry(ALIAS, keys.getCertificate(ALIAS));
        try (var out = Files.newOutputStream(file)) {
            // A JKS, whose certificates the JVM reads without the password.
            trust.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    private static Path pem(Path file, String kind, byte[] content) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                file,
                "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n",
                StandardCharsets.US_ASCII);
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed: " + said);
        }
    }
}
