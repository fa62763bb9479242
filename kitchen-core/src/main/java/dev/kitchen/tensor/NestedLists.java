package dev.kitchen.tensor;

import dev.kitchen.error.InvalidRequestException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.util.List;

/** Lists of lists as the arrays they stand for. The first element says what the others have to be. */
final class NestedLists {

    private NestedLists() {}

    static Object toArray(List<?> list) {
        Object first = list;
        int rank = 0;
        while (first instanceof List<?> rows) {
            if (rows.isEmpty() || ++rank > Shape.MAX_RANK) {
                throw new InvalidRequestException(
                        rows.isEmpty()
                                ? "a list is empty, expected float, double, byte, short, int, long, boolean or String"
                                : "lists are nested deeper than " + Shape.MAX_RANK);
            }
            first = rows.get(0);
        }
        if (first == null) {
            throw new InvalidRequestException("a list has the element null");
        }
        return toArray(list, first.getClass(), rank);
    }

    private static Object toArray(List<?> list, Class<?> element, int rank) {
        Class<?> component = MethodType.methodType(element).unwrap().returnType();
        for (int i = 1; i < rank; i++) {
            component = component.arrayType();
        }
        Object array = Array.newInstance(component, list.size());
        int index = 0;
        for (Object item : list) {
            Array.set(array, index++, rank == 1 ? checked(item, element) : toArray(row(item), element, rank - 1));
        }
        return array;
    }

    private static List<?> row(Object item) {
        if (item instanceof List<?> row) {
            return row;
        }
        throw new InvalidRequestException("lists are ragged: one holds " + named(item) + " where others hold lists");
    }

    private static Object checked(Object item, Class<?> element) {
        if (item != null && item.getClass() == element) {
            return item;
        }
        throw new InvalidRequestException(
                "a list holds " + named(item) + ", expected " + element.getSimpleName() + " as at its beginning");
    }

    private static String named(Object item) {
        return item == null ? "null" : item.getClass().getSimpleName();
    }
}
