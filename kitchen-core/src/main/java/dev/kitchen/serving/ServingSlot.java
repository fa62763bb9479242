package dev.kitchen.serving;

import dev.kitchen.error.NotReadyException;

/** Where the version that answers an endpoint's calls stands. A swap is one write; a call sees one version throughout. */
public final class ServingSlot {

    private volatile ServedModel current;

    public ServingSlot(ServedModel first) {
        this.current = first;
    }

    /** The version that answers now. */
    public ServedModel current() {
        return current;
    }

    /**
     * The version that answers now, kept from being freed until it is {@linkplain ServedModel#release released}.
     *
     * @throws NotReadyException if it is out of service and none has taken its place
     */
    public ServedModel acquire() {
        while (true) {
            ServedModel model = current;
            if (model.tryAcquire()) {
                return model;
            }
            if (model == current) {
                throw new NotReadyException(model.place() + ": is closed");
            }
        }
    }

    /** Puts another version into service and takes the present one out of it. Calls under way go on. */
    public void swap(ServedModel next) {
        ServedModel previous = current;
        current = next;
        previous.retire();
    }
}
