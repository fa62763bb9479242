package dev.kitchen.store;

import dev.kitchen.error.MessageText;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names of models, versions and aliases, which become parts of paths and addresses on all systems. */
public final class Names {

    static final String LATEST = "latest";

    private static final int MAX_MODEL = 128;
    private static final int MAX_VERSION = 64;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern DEVICE =
            Pattern.compile("(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?", Pattern.CASE_INSENSITIVE);

    private Names() {}

    static void requireModel(String name) {
        problemOfModel(name).ifPresent(Names::refuse);
    }

    static void requireVersion(String name) {
        problemOfVersion("version", name).ifPresent(Names::refuse);
    }

    static void requireAlias(String name) {
        problemOfVersion("alias", name).ifPresent(Names::refuse);
    }

    private static void refuse(String problem) {
        throw new RegistryException(Reason.INVALID, problem);
    }

    /** What is wrong with a model's name. */
    static Optional<String> problemOfModel(String name) {
        return problem("model", name, MAX_MODEL);
    }

    /** What is wrong with the name of a version or an alias. */
    public static Optional<String> problemOfVersion(String kind, String name) {
        return name.equals(LATEST)
                ? Optional.of(kind + " 'latest': means the current version, expected another name")
                : problem(kind, name, MAX_VERSION);
    }

    private static Optional<String> problem(String kind, String name, int maxLength) {
        boolean fits = name.length() <= maxLength
                && NAME.matcher(name).matches()
                && !name.endsWith(".")
                && !DEVICE.matcher(name).matches();
        return fits
                ? Optional.empty()
                : Optional.of(kind + " '" + MessageText.of(name)
                        + "': is not a name, expected letters, digits, '.', '_' and '-',"
                        + " beginning with a letter or digit, not ending in '.', no device of Windows, at most "
                        + maxLength + " characters");
    }
}
