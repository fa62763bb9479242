package dev.kitchen.onnx.rows;

import java.util.ArrayList;
import java.util.List;

/** Where rows lie after their tensor has been given another shape. */
final class Reshaping {

    private Reshaping() {}

    /**
     * Rows in another shape. What stands before the rows has to stay as it is, so that what belongs to a row stays together.
     *
     * @param target sizes, one of which may be -1
     */
    static RowValue rows(RowValue value, List<Size> target) {
        List<Size> source = value.knownShape();
        int place = place(source.subList(0, value.axis()), target);
        Size total = Size.product(source.subList(value.axis(), source.size()));
        List<Size> result = new ArrayList<>(target);
        List<Size> rest = target.subList(place + 1, target.size());
        if (!rest.stream().allMatch(Size::isFixed)) {
            throw RowsException.unknown("divides the rows");
        }
        if (target.get(place).is(-1)) {
            result.set(place, total.dividedBy(Size.product(rest)));
        } else {
            rest.stream()
                    .filter(size -> size.is(-1))
                    .forEach(size -> result.set(result.indexOf(size), inferred(total, target.get(place), rest)));
        }
        if (!result.get(place).hasRows()) {
            throw RowsException.unknown("gives the rows a shape that may divide or join them");
        }
        return RowValue.shaped(result);
    }

    /** The dimension of the target that the rows go to. */
    private static int place(List<Size> before, List<Size> target) {
        int place = 0;
        for (Size size : before) {
            if (place < target.size() && target.get(place).equals(size)) {
                place++;
            } else if (!size.is(1)) {
                throw RowsException.unknown("reshapes what stands before the rows");
            }
        }
        while (place < target.size() && target.get(place).is(1)) {
            place++;
        }
        if (place == target.size()) {
            throw RowsException.unknown("gives the rows a shape without them");
        }
        return place;
    }

    /** What -1 stands for: the elements of a row do not depend on how many rows there are. */
    private static Size inferred(Size total, Size rows, List<Size> rest) {
        Size others = rows;
        for (Size size : rest) {
            others = size.is(-1) ? others : others.times(size);
        }
        Size exact = total.dividedBy(others);
        return exact.isFixed() ? exact : Size.unknown();
    }

    /** A value that does not depend on the rows in another shape. */
    static List<Size> free(List<Size> source, List<Size> target) {
        List<Size> result = new ArrayList<>(target);
        for (int i = 0; i < result.size(); i++) {
            if (result.get(i).is(-1)) {
                Size others = Size.product(
                        target.stream().filter(size -> !size.is(-1)).toList());
                Size exact = Size.product(source).dividedBy(others);
                result.set(i, exact.isFixed() ? exact : Size.unknown());
            }
        }
        return result;
    }
}
