package dev.kitchen.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** Which Kitchen this is, by its jar's manifest. */
final class BuildVersion implements IVersionProvider {

    static String text() {
        return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                .orElse("(not from a jar)");
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "kitchen " + text(),
            "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }
}
