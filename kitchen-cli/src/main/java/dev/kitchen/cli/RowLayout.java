package dev.kitchen.cli;

import dev.kitchen.codec.Features;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.ModelSignature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Which column of a CSV file goes where.
 *
 * @param inputs in the model's order; their cells follow one another
 * @param columns for each cell that the model takes, where it stands in a row
 * @param names of these, for messages
 * @param width how many cells a row of the file has
 * @param kept columns that go into the answer as they are
 * @param keptNames what the header calls them
 * @param notes what a user should know about it
 */
record RowLayout(
        List<InputCells> inputs,
        List<Integer> columns,
        List<String> names,
        int width,
        List<Integer> kept,
        List<String> keptNames,
        List<String> notes) {

    /** Of nothing: for answers that come from no file of rows. */
    static final RowLayout NONE = new RowLayout(List.of(), List.of(), List.of(), 0, List.of(), List.of(), List.of());

    /** By the header's names where they are the model's, by place where the model names none. */
    static RowLayout of(
            ModelSignature signature, Map<String, String> metadata, List<String> header, List<String> keep) {
        List<Integer> kept = keep.stream().map(it -> kept(it, header)).toList();
        List<InputCells> inputs = inputs(signature, header.size() - kept.size());
        List<String> declared = Features.columnNames(metadata);
        boolean named = inputs.size() == 1 && declared.size() == inputs.get(0).width();
        List<String> names = named ? declared : names(inputs);
        List<OptionalInt> found =
                names.stream().map(it -> ColumnNames.find(it, header)).toList();
        if (found.stream().allMatch(OptionalInt::isPresent)) {
            return byName(inputs, names, found, header, kept);
        }
        if (!named && inputs.size() == 1 && found.stream().noneMatch(OptionalInt::isPresent)) {
            return byPlace(inputs, names, header, kept)
                    .withNote("columns are taken in the file's order: the model names none of the header's");
        }
        List<String> missing = IntStream.range(0, names.size())
                .filter(it -> found.get(it).isEmpty())
                .mapToObj(names::get)
                .toList();
        throw new InvalidRequestException(
                "header " + shown(header) + " has no column " + shown(missing) + ", expected " + shown(names));
    }

    /** By place, for a file without a header. */
    static RowLayout withoutHeader(ModelSignature signature, int width) {
        List<InputCells> inputs = inputs(signature, width);
        return byPlace(inputs, names(inputs), Collections.nCopies(width, ""), List.of());
    }

    private static List<InputCells> inputs(ModelSignature signature, int columns) {
        boolean only = signature.inputs().size() == 1;
        return signature.inputs().stream()
                .map(it -> InputCells.of(it, columns, only))
                .toList();
    }

    private static List<String> names(List<InputCells> inputs) {
        return inputs.stream().flatMap(it -> it.columnNames().stream()).toList();
    }

    private static int kept(String name, List<String> header) {
        return ColumnNames.find(name, header)
                .orElseThrow(() -> new InvalidRequestException(
                        "header " + shown(header) + " has no column '" + name + "', which is to be kept"));
    }

    private static RowLayout byName(
            List<InputCells> inputs,
            List<String> names,
            List<OptionalInt> found,
            List<String> header,
            List<Integer> kept) {
        List<Integer> columns = found.stream().map(OptionalInt::getAsInt).toList();
        List<String> ignored = IntStream.range(0, header.size())
                .filter(it -> !columns.contains(it) && !kept.contains(it))
                .mapToObj(header::get)
                .toList();
        RowLayout layout = of(inputs, columns, names, header, kept);
        return ignored.isEmpty() ? layout : layout.withNote("columns that the model does not take: " + shown(ignored));
    }

    private static RowLayout byPlace(
            List<InputCells> inputs, List<String> names, List<String> header, List<Integer> kept) {
        List<Integer> columns = IntStream.range(0, header.size())
                .filter(it -> !kept.contains(it))
                .boxed()
                .toList();
        if (columns.size() != names.size()) {
            throw new InvalidRequestException(
                    "has " + columns.size() + " columns, expected " + names.size() + ": " + shown(names));
        }
        return of(inputs, columns, names, header, kept);
    }

    private static RowLayout of(
            List<InputCells> inputs,
            List<Integer> columns,
            List<String> names,
            List<String> header,
            List<Integer> kept) {
        List<String> keptNames = kept.stream().map(header::get).toList();
        return new RowLayout(inputs, columns, names, header.size(), kept, keptNames, List.of());
    }

    private RowLayout withNote(String note) {
        List<String> more = new ArrayList<>(notes);
        more.add(note);
        return new RowLayout(inputs, columns, names, width, kept, keptNames, more);
    }

    private static String shown(List<String> names) {
        return names.size() > 20 ? names.subList(0, 20) + " and " + (names.size() - 20) + " more" : names.toString();
    }

    /** Whether several rows can go into one run. */
    boolean batched() {
        return inputs.stream().allMatch(InputCells::batched);
    }

    /** Bytes of one row's tensors, texts counted by their references. */
    long rowBytes() {
        return inputs.stream()
                .mapToLong(
                        it -> it.width() * (long) Math.max(8, it.spec().type().sizeBytes()))
                .sum();
    }

    /** The cells of the columns that are kept. */
    List<String> kept(CsvRecord row) {
        return kept.stream().map(row.cells()::get).toList();
    }
}
