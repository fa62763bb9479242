package dev.kitchen.cli;

import java.util.List;

/**
 * How rows are read and run.
 *
 * @param keep columns that go into the answer
 * @param batchSize rows in a run, at most
 * @param emptyIsNan whether an empty cell is a number that is not there
 * @param skipBadRows whether to go on after a row that is wrong
 */
record RowSettings(
        char delimiter, boolean header, List<String> keep, int batchSize, boolean emptyIsNan, boolean skipBadRows) {

    RowSettings {
        keep = List.copyOf(keep);
    }
}
