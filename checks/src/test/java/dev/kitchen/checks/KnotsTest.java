package dev.kitchen.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Classes that all depend on one another, directly or through others, can only be understood together: such a knot has at
 * most seven classes. A nested class belongs to the class around it. That a sealed type names its subclasses does not count.
 */
class KnotsTest {

    private static final int MOST_CLASSES = 7;

    @Test
    void noKnotHasManyClasses() {
        Map<String, Set<String>> uses = new HashMap<>();
        for (JavaClass type : ProjectClasses.ALL) {
            Set<String> used = uses.computeIfAbsent(outermost(type), name -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass())
                    .filter(target -> target.getPackageName().startsWith("dev.kitchen"))
                    .forEach(target -> used.add(outermost(target)));
        }

        assertThat(knots(uses)).allSatisfy(knot -> assertThat(knot).hasSizeLessThanOrEqualTo(MOST_CLASSES));
    }

    @Test
    void findsAKnot() {
        Map<String, Set<String>> uses =
                Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of("a", "d"), "d", Set.of("e"), "e", Set.of("e"));

        assertThat(knots(uses)).containsExactly(Set.of("a", "b", "c"));
    }

    private static String outermost(JavaClass type) {
        JavaClass element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        int nested = element.getName().indexOf('$');
        return nested < 0 ? element.getName() : element.getName().substring(0, nested);
    }

    /** Sets of two or more classes of which each reaches each. */
    private static List<Set<String>> knots(Map<String, Set<String>> uses) {
        Map<String, Set<String>> reached =
                uses.keySet().stream().collect(Collectors.toMap(name -> name, name -> reachable(name, uses)));
        List<Set<String>> knots = new ArrayList<>();
        Set<String> done = new TreeSet<>();
        for (String name : new TreeSet<>(uses.keySet())) {
            if (!done.contains(name)) {
                Set<String> knot = reached.get(name).stream()
                        .filter(other -> reached.getOrDefault(other, Set.of()).contains(name))
                        .collect(Collectors.toCollection(TreeSet::new));
                done.addAll(knot);
                if (knot.size() > 1) {
                    knots.add(knot);
                }
            }
        }
        return knots;
    }

    private static Set<String> reachable(String from, Map<String, Set<String>> uses) {
        Set<String> seen = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(uses.getOrDefault(from, Set.of()));
        while (!open.isEmpty()) {
            String next = open.pop();
            if (seen.add(next)) {
                open.addAll(uses.getOrDefault(next, Set.of()));
            }
        }
        return seen;
    }
}
