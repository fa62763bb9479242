package dev.kitchen.onnx.natives;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.MessageText;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ONNX Runtime jars on a class path.
 *
 * @param versions what each jar, named by its URL, says its version is; a jar that does not say is not there
 */
public record RuntimeJars(Map<String, String> versions) {

    private static final String POMS = "META-INF/maven/com.microsoft.onnxruntime/";
    private static final List<String> ARTIFACTS = List.of("onnxruntime", "onnxruntime_gpu");
    private static final Pattern POM_VERSION = Pattern.compile("<version>\\s*([^<\\s]+)\\s*</version>");
    private static final Pattern PROPERTIES_VERSION = Pattern.compile("(?m)^version\\s*[=:]\\s*(\\S+)");
    private static final int MAX_TEXT_BYTES = 1 << 16;

    public RuntimeJars {
        versions = Collections.unmodifiableMap(new TreeMap<>(versions));
    }

    public static RuntimeJars onClassPath(ClassLoader loader) {
        Map<String, String> versions = new TreeMap<>();
        for (URL url : all(loader, "ai/onnxruntime/OnnxRuntime.class")) {
            manifestVersion(url).ifPresent(version -> versions.put(place(url), version));
        }
        for (String artifact : ARTIFACTS) {
            for (URL url : all(loader, POMS + artifact + "/pom.xml")) {
                version(url, POM_VERSION).ifPresent(version -> versions.put(place(url), version));
            }
            for (URL url : all(loader, POMS + artifact + "/pom.properties")) {
                version(url, PROPERTIES_VERSION).ifPresent(version -> versions.put(place(url), version));
            }
        }
        return new RuntimeJars(versions);
    }

    private static List<URL> all(ClassLoader loader, String resource) {
        try {
            return Collections.list(loader.getResources(resource));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The title must be ONNX Runtime's: in an application's single big jar the manifest is the application's. */
    private static Optional<String> manifestVersion(URL classFile) {
        try (InputStream content = open(new URL(classFile, "../../META-INF/MANIFEST.MF"))) {
            Attributes attributes = new Manifest(content).getMainAttributes();
            String title = attributes.getValue(Attributes.Name.IMPLEMENTATION_TITLE);
            return title != null && ARTIFACTS.contains(title)
                    ? Optional.ofNullable(attributes.getValue(Attributes.Name.IMPLEMENTATION_VERSION))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> version(URL url, Pattern pattern) {
        try (InputStream content = open(url)) {
            String text = new String(content.readNBytes(MAX_TEXT_BYTES), StandardCharsets.UTF_8);
            Matcher matcher = pattern.matcher(text);
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static InputStream open(URL url) throws IOException {
        URLConnection connection = url.openConnection();
        connection.setUseCaches(false);
        return connection.getInputStream();
    }

    private static String place(URL url) {
        String text = url.toString();
        return text.replaceFirst("^jar:", "").replaceFirst("!?/(META-INF/maven|ai/onnxruntime)/.*$", "");
    }

    /** The version, if it is known and there is only one. */
    public Optional<String> version() {
        TreeSet<String> distinct = new TreeSet<>(versions.values());
        return distinct.size() == 1 ? Optional.of(distinct.first()) : Optional.empty();
    }

    /** What is wrong where jars of different versions meet: the classes would come from one, or from both mixed. */
    Optional<String> conflict() {
        if (new TreeSet<>(versions.values()).size() < 2) {
            return Optional.empty();
        }
        List<String> jars = new ArrayList<>();
        versions.forEach((jar, version) -> jars.add(version + " in " + MessageText.of(jar, 200)));
        return Optional.of("several versions of ONNX Runtime are on the class path: " + String.join(", ", jars));
    }

    /**
     * Does nothing where there is one version.
     *
     * @throws ConfigurationException naming the jars
     */
    public void requireOneVersion() {
        conflict().ifPresent(conflict -> {
            throw new ConfigurationException(conflict + "; keep one of them");
        });
    }
}
