package dev.kitchen.tflite;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.MessageText;
import dev.kitchen.spi.Finding;
import dev.kitchen.spi.Finding.Severity;
import java.util.List;

/** Whether TensorFlow Lite works on this machine; loading it is the only proof. Never throws. */
final class Preflight {

    private Preflight() {}

    static List<Finding> findings() {
        try {
            TfliteLibrary.require();
            return List.of(new Finding(
                    Severity.INFO, "tflite-loaded", "TensorFlow Lite " + TfliteLibrary.version() + " is loaded", ""));
        } catch (ConfigurationException e) {
            String message = MessageText.of(String.valueOf(e.getMessage()), 800);
            int cure = message.lastIndexOf("; ");
            return List.of(new Finding(
                    Severity.ERROR,
                    "tflite-not-loadable",
                    cure < 0 ? message : message.substring(0, cure),
                    cure < 0 ? "" : message.substring(cure + 2)));
        } catch (RuntimeException | LinkageError e) {
            return List.of(new Finding(
                    Severity.WARNING,
                    "preflight-incomplete",
                    "a check failed: " + MessageText.of(e.toString(), 200),
                    ""));
        }
    }
}
