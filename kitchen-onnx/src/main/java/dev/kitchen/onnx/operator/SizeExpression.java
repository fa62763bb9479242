package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.TensorValues;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A few numbers that a graph computes of a request, such as the sizes that it asks for. Computed one by one whenever one
 * is read, without objects; numbers of integers do not wrap around.
 */
interface SizeExpression {

    /** The most numbers that one has. */
    int MOST_NUMBERS = 64;

    /** Returns how many numbers there are; -1 if they are not known. */
    int count(NamedValues inputs);

    double at(NamedValues inputs, int index);

    /** Returns the first input of the model whose numbers are read, or null. */
    @Nullable
    String request();

    /** Numbers of the request or of a constant. */
    record Leaf(NodeValues values) implements SizeExpression {
        @Override
        public int count(NamedValues inputs) {
            int count = values.count(inputs);
            return count > MOST_NUMBERS || values.rank(inputs) > 1 ? -1 : count;
        }

        @Override
        public double at(NamedValues inputs, int index) {
            return values.at(inputs, index);
        }

        @Override
        public @Nullable String request() {
            return values.request();
        }
    }

    /** The shape of an input of the model. */
    record Dimensions(String input) implements SizeExpression {
        @Override
        public int count(NamedValues inputs) {
            Shape shape = NodeShapes.shape(inputs, input);
            return shape == null ? -1 : shape.rank();
        }

        @Override
        public double at(NamedValues inputs, int index) {
            Shape shape = NodeShapes.shape(inputs, input);
            return shape == null ? 0 : shape.dimension(index);
        }

        @Override
        public @Nullable String request() {
            return null;
        }
    }

    record Joined(List<SizeExpression> joined) implements SizeExpression {
        @Override
        public int count(NamedValues inputs) {
            int count = 0;
            for (int i = 0; i < joined.size(); i++) {
                int more = joined.get(i).count(inputs);
                if (more < 0) {
                    return -1;
                }
                count += more;
            }
            return count;
        }

        @Override
        public double at(NamedValues inputs, int index) {
            int rest = index;
            for (int i = 0; i < joined.size(); i++) {
                SizeExpression part = joined.get(i);
                int count = part.count(inputs);
                if (rest < count) {
                    return part.at(inputs, rest);
                }
                rest -= count;
            }
            return 0;
        }

        @Override
        public @Nullable String request() {
            for (SizeExpression part : joined) {
                if (part.request() != null) {
                    return part.request();
                }
            }
            return null;
        }
    }

    record Picked(SizeExpression of, TensorValues positions) implements SizeExpression {
        @Override
        public int count(NamedValues inputs) {
            int count = of.count(inputs);
            for (int i = 0; i < positions.count(); i++) {
                long position = positions.longAt(i);
                if (position < -count || position >= count) {
                    return -1;
                }
            }
            return positions.count();
        }

        @Override
        public double at(NamedValues inputs, int index) {
            long position = positions.longAt(index);
            return of.at(inputs, (int) (position < 0 ? position + of.count(inputs) : position));
        }

        @Override
        public @Nullable String request() {
            return of.request();
        }
    }

    record Sliced(SizeExpression of, long start, long end) implements SizeExpression {
        private static int position(long position, int count) {
            return (int) Math.max(0, Math.min(count, position < 0 ? position + count : position));
        }

        @Override
        public int count(NamedValues inputs) {
            int count = of.count(inputs);
            return count < 0 ? -1 : Math.max(0, position(end, count) - position(start, count));
        }

        @Override
        public double at(NamedValues inputs, int index) {
            return of.at(inputs, index + position(start, of.count(inputs)));
        }

        @Override
        public @Nullable String request() {
            return of.request();
        }
    }

    /** Two rows of numbers of which one may be a single number. */
    record Combined(char operator, SizeExpression left, SizeExpression right) implements SizeExpression {
        @Override
        public int count(NamedValues inputs) {
            int a = left.count(inputs);
            int b = right.count(inputs);
            return a < 0 || b < 0 || a != b && a != 1 && b != 1 ? -1 : a == 1 ? b : a;
        }

        @Override
        public double at(NamedValues inputs, int index) {
            double a = left.at(inputs, left.count(inputs) == 1 ? 0 : index);
            double b = right.at(inputs, right.count(inputs) == 1 ? 0 : index);
            return switch (operator) {
                case 'A' -> a + b;
                case 'S' -> a - b;
                case 'M' -> a * b;
                default -> a / b;
            };
        }

        @Override
        public @Nullable String request() {
            return left.request() != null ? left.request() : right.request();
        }
    }
}
