package dev.kitchen.cli;

import java.util.List;

/**
 * One record of a CSV file.
 *
 * @param line where it begins, counted from 1
 */
record CsvRecord(long line, List<String> cells) {

    CsvRecord {
        cells = List.copyOf(cells);
    }
}
