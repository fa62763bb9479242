package dev.kitchen.checks;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import dev.kitchen.Kitchen;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything a user can name, as lines of text: what core exports, and the other modules' public types. */
final class PublicApi {

    private static final Set<String> OF_EVERY_RECORD = Set.of("equals", "hashCode", "toString");
    private static final Set<String> OF_EVERY_ENUM = Set.of("values", "valueOf");
    private static final String QUALIFIER = "\\b(?:[a-z][a-z0-9_]*\\.)+(?=[A-Z])";

    private PublicApi() {}

    /** The public types, in alphabetical order. */
    static List<Class<?>> types() {
        Set<String> exported = exportedByCore();
        return ProjectClasses.ALL.stream()
                .filter(it -> isVisible(it) && (exported.contains(it.getPackageName()) || !isOfCore(it)))
                .map(JavaClass::reflect)
                .sorted((a, b) -> a.getName().compareTo(b.getName()))
                .collect(Collectors.toList());
    }

    static boolean isOfCore(Class<?> type) {
        return exportedByCore().contains(type.getPackageName());
    }

    /** The other modules export their own package and none below it. */
    private static boolean isOfCore(JavaClass type) {
        return !type.getPackageName().matches("dev\\.kitchen\\.(onnx|tflite|testkit|redis|micrometer)");
    }

    private static boolean isVisible(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(PublicApi::isVisible).orElse(true);
    }

    private static Set<String> exportedByCore() {
        try {
            Path core = Path.of(Kitchen.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return ModuleFinder.of(core).findAll().stream()
                    .flatMap(it -> it.descriptor().exports().stream())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toSet());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Class<?> type : types()) {
            lines.add(header(type));
            members(type).forEach(it -> lines.add("    " + it));
        }
        return lines;
    }

    private static String header(Class<?> type) {
        StringBuilder header =
                new StringBuilder(kind(type)).append(' ').append(type.getName().replace('$', '.'));
        if (type.isRecord()) {
            header.append(Arrays.stream(type.getRecordComponents())
                    .map(PublicApi::component)
                    .collect(Collectors.joining(", ", "(", ")")));
        }
        String parents = Stream.concat(
                        Stream.ofNullable(type.getGenericSuperclass()), Arrays.stream(type.getGenericInterfaces()))
                .map(it -> it.getTypeName().replaceAll(QUALIFIER, ""))
                .filter(it -> !it.equals("Object") && !it.equals("Record") && !it.startsWith("Enum<"))
                .collect(Collectors.joining(", "));
        return header.append(parents.isEmpty() ? "" : " : " + parents).toString();
    }

    private static String component(RecordComponent component) {
        return component.getGenericType().getTypeName().replace('$', '.').replaceAll(QUALIFIER, "") + " "
                + component.getName();
    }

    private static String kind(Class<?> type) {
        String kind = type.isAnnotation()
                ? "annotation"
                : type.isInterface() ? "interface" : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
        boolean open = !Modifier.isFinal(type.getModifiers()) && !type.isSealed();
        return kind.equals("class") && open ? "open class" : type.isSealed() ? "sealed " + kind : kind;
    }

    private static Set<String> members(Class<?> type) {
        Set<String> members = new TreeSet<>();
        Stream.of(type.getDeclaredFields(), type.getDeclaredConstructors(), type.getDeclaredMethods())
                .flatMap(Arrays::stream)
                .filter(it -> isPartOfTheApi(type, it))
                .forEach(it -> members.add(member(it)));
        return members;
    }

    private static boolean isPartOfTheApi(Class<?> type, Member member) {
        boolean visible = Modifier.isPublic(member.getModifiers())
                || (Modifier.isProtected(member.getModifiers()) && !Modifier.isFinal(type.getModifiers()));
        return visible
                && !member.isSynthetic()
                && !(type.isRecord() && (OF_EVERY_RECORD.contains(member.getName()) || isImplied(type, member)))
                && !(type.isEnum() && OF_EVERY_ENUM.contains(member.getName()));
    }

    /** A record's header says it all about its accessors and its constructor. */
    private static boolean isImplied(Class<?> type, Member member) {
        Class<?>[] components = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        if (member instanceof Method method) {
            return method.getParameterCount() == 0
                    && Arrays.stream(type.getRecordComponents())
                            .anyMatch(it -> it.getName().equals(method.getName()));
        }
        return member instanceof Executable constructor && Arrays.equals(constructor.getParameterTypes(), components);
    }

    private static String member(Member member) {
        String text = member instanceof Field field ? field.toGenericString() : ((Executable) member).toGenericString();
        return text.replaceAll(" throws .*", "")
                .replaceAll("\\b(public|final|abstract|synchronized|native|transient|volatile|default) ", "")
                .replace(member.getDeclaringClass().getName() + ".", "")
                .replace(member.getDeclaringClass().getName() + "(", "new(")
                .replace('$', '.')
                .replaceAll(QUALIFIER, "")
                .replaceAll(",(?! )", ", ");
    }
}
