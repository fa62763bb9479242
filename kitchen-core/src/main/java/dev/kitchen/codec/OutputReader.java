package dev.kitchen.codec;

import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import java.util.List;
import java.util.Map;

/** How a model's outputs become one Java value per row. Implementations are immutable. */
public interface OutputReader<O> {

    /**
     * Looks once at what a model returns.
     *
     * @throws dev.kitchen.error.ConfigurationException if there is nothing to read such values from, or more than one
     */
    Bound<O> bind(ModelSignature signature);

    /**
     * As {@link #bind(ModelSignature)}, which this calls, for readers that look at more.
     *
     * @param metadata what else the model's file says
     */
    default Bound<O> bind(ModelSignature signature, Map<String, String> metadata) {
        return bind(signature);
    }

    /** A reader bound to one model; called by many threads. */
    interface Bound<O> {

        /** The outputs it reads; no others are computed. */
        List<String> outputs();

        /**
         * The value of one row.
         *
         * @param outputs those it {@linkplain #outputs() reads}
         * @param row from 0
         * @param rows how many rows went in: an output of another number of rows is nobody's answer
         * @throws dev.kitchen.error.InferenceException if the outputs do not hold such a value
         */
        O read(NamedValues outputs, int row, int rows);

        /** One line: what is read, and how. */
        String describe();
    }
}
