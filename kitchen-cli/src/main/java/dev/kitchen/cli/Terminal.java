package dev.kitchen.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The standard streams, which nothing else here touches: results go to one, whatever else there is to say to the other.
 * Always UTF-8, whatever the locale, since programs read it.
 */
final class Terminal {

    private final InputStream in;
    private final OutputStream out;
    private final PrintWriter messages;
    private final boolean outIsTerminal;
    private final boolean messagesAreSeen;

    Terminal(InputStream in, OutputStream out, OutputStream messages, boolean outIsTerminal, boolean messagesAreSeen) {
        this.in = in;
        this.out = out;
        this.messages = new PrintWriter(new OutputStreamWriter(messages, StandardCharsets.UTF_8), true);
        this.outIsTerminal = outIsTerminal;
        this.messagesAreSeen = messagesAreSeen;
    }

    /** This process's. Not the JVM's print stream, which would keep quiet about a full disk. */
    static Terminal system() {
        return new Terminal(
                System.in,
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                System.err,
                isTerminal(1),
                isTerminal(2));
    }

    /** Whether a person sits at that descriptor. The JVM tells it of the input and output together only, if at all. */
    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    InputStream in() {
        return in;
    }

    /** Where results go; buffered. */
    OutputStream out() {
        return out;
    }

    /** Where everything else goes, line by line. */
    PrintWriter messages() {
        return messages;
    }

    boolean outIsTerminal() {
        return outIsTerminal;
    }

    /** Whether messages appear in front of a person, so that a line may be drawn over. */
    boolean messagesAreSeen() {
        return messagesAreSeen;
    }

    /** Writes lines of results. */
    void print(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private static UncheckedIOException cannotWrite(IOException e) {
        return new UncheckedIOException("standard output: cannot be written: " + e.getMessage(), e);
    }
}
