package dev.kitchen.onnx;

/** Writes the findings of {@link NativePreflight}, one a line. */
final class PrintsFindings {

    private PrintsFindings() {}

    public static void main(String[] arguments) {
        NativePreflight.findings().forEach(System.out::println);
    }
}
