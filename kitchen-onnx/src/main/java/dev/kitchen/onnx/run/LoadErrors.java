package dev.kitchen.onnx.run;

import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.scan.OnnxFile;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Explains why ONNX Runtime refused a model, and what to do about it. */
public final class LoadErrors {

    private static final int MAX_LENGTH = 400;

    /** Where in ONNX Runtime's sources an error arose: a path, a line and a whole C++ signature. */
    private static final Pattern SOURCE_PLACE = Pattern.compile("/onnxruntime_src/\\S+:\\d+ [^\\n]*?\\) (?=[A-Z])");

    private static final Pattern PREFIX =
            Pattern.compile("^Error code - \\w+ - message: (Load model from .* failed:)?", Pattern.DOTALL);

    private record Cure(Pattern message, String text) {

        static Cure of(String regex, String text) {
            return new Cure(Pattern.compile(regex), text);
        }
    }

    private static final List<Cure> CURES = List.of(
            Cure.of(
                    "(ai\\.onnx\\.contrib:\\w+)\\S* is not a registered function/op",
                    "operator $1 comes with ONNX Runtime Extensions, which are not loaded; pass their library to"
                            + " OnnxOptions.Builder.customOpLibraries"),
            Cure.of(
                    "(\\w[\\w.]*:\\w+)\\S* is not a registered function/op",
                    "operator $1 is unknown to this ONNX Runtime; pass the library that has it to"
                            + " OnnxOptions.Builder.customOpLibraries, or export the model without it"),
            Cure.of(
                    "No opset import for domain '([^']*)'",
                    "operators of the domain '$1' are used, and the file does not say of which version; pass the"
                            + " library that has them to OnnxOptions.Builder.customOpLibraries, or export the model again"),
            Cure.of(
                    "No Op registered for (\\w+) with domain_version of (\\d+)",
                    "operator $1 is unknown in opset $2; export the model with an opset that has it"),
            Cure.of(
                    "Could not find an implementation for (\\w+)\\((\\d+)\\)",
                    "operator $1 of opset $2 has no implementation in this ONNX Runtime; export the model with opset 7"
                            + " or newer, and with types that ONNX Runtime implements"),
            Cure.of(
                    "Opset (\\d+) is under development",
                    "opset $1 is newer than this ONNX Runtime knows; export the model with an older opset, or use a"
                            + " newer onnxruntime"),
            Cure.of(
                    "Unsupported model IR version: (\\d+), max supported IR version: (\\d+)",
                    "IR version $1 is newer than this ONNX Runtime knows, expected at most $2; export the model with an"
                            + " older onnx, or use a newer onnxruntime"),
            Cure.of(
                    "Failed to construct locale with name:(\\S+?):",
                    "this machine lacks the locale $1, which StringNormalizer needs; install it, for example with"
                            + " 'apt-get install locales-all'"),
            Cure.of("Protobuf parsing failed", "the file is damaged; copy or export it again"));

    private LoadErrors() {}

    public static ModelLoadException of(OnnxFile file, Exception e) {
        String message = String.valueOf(e.getMessage());
        String reason = CURES.stream()
                .map(it -> explained(it, message))
                .filter(it -> !it.isEmpty())
                .findFirst()
                .orElseGet(() -> "refused by ONNX Runtime: " + shortened(message));
        return new ModelLoadException("model file " + file.path() + ": " + reason, e);
    }

    private static String explained(Cure cure, String message) {
        Matcher matcher = cure.message.matcher(message);
        if (!matcher.find()) {
            return "";
        }
        String text = cure.text;
        for (int i = 1; i <= matcher.groupCount(); i++) {
            text = text.replace("$" + i, matcher.group(i));
        }
        return text;
    }

    /** In one line, without what only helps who builds ONNX Runtime. */
    private static String shortened(String message) {
        String text = PREFIX.matcher(message).replaceFirst("");
        text = SOURCE_PLACE
                .matcher(text)
                .replaceAll("")
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
        return text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "..." : text;
    }
}
