package dev.kitchen.spi;

import java.util.function.UnaryOperator;

/**
 * Where the one document lives that all processes agree on: a file of the registry's directory, or a shared server.
 * Used by many threads at once, and by many processes.
 *
 * <p>Every member of the document comes back as it was written. A store may keep members of its own in it, whose names
 * begin with {@code $}.
 */
public interface ControlStore extends AutoCloseable {

    /**
     * The document as it is now; {@link ControlDocument#EMPTY} where nobody has written yet. Takes no lock.
     *
     * @throws dev.kitchen.error.RegistryException if it is damaged or cannot be read
     */
    ControlDocument read();

    /**
     * Something that is different once the document is: for looking often, much cheaper than reading.
     *
     * @throws dev.kitchen.error.RegistryException if it cannot be found out
     */
    Object stamp();

    /**
     * Changes the document. No change of another thread or process is lost, and whoever reads, also after a crash at any
     * moment, finds the document before or after the change. Durable when this returns.
     *
     * @param change gets the document and returns the next one, whose generation is not looked at, or the very same
     *     object for no change; may be called more than once; what it throws comes out of here, and nothing is changed
     * @return the document as it is afterwards, its generation one higher if it was changed
     * @throws dev.kitchen.error.RegistryException if it cannot be read or written; nothing is changed then
     */
    ControlDocument update(UnaryOperator<ControlDocument> change);

    /** Where this is, for messages: a path, an address. */
    String place();

    /** Frees what is held; the document stays. */
    @Override
    void close();
}
