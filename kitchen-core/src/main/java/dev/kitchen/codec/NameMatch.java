package dev.kitchen.codec;

import dev.kitchen.error.MessageText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which component belongs to which name of a model: the same name, or the only one that differs in spelling. */
final class NameMatch {

    private final @Nullable Component[] byPlace;

    private NameMatch(int places) {
        this.byPlace = new Component[places];
    }

    /** Every component gets a place; places may stay empty. */
    static NameMatch inputs(List<Component> components, List<String> names, Problems problems) {
        NameMatch match = new NameMatch(names.size());
        for (Component component : components) {
            OptionalInt place = find(component.name(), names);
            if (place.isEmpty()) {
                problems.add(
                        "component '" + component.name() + "' has no place, the model has " + MessageText.of(names));
            } else {
                match.put(place.getAsInt(), component, names, problems);
            }
        }
        return match;
    }

    /** Every component gets a column and every column a component; empty where that cannot be. */
    static List<Component> columns(List<Component> components, List<String> names, Problems problems) {
        NameMatch match = inputs(components, names, problems);
        List<Component> columns = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Optional<Component> component = match.componentOf(i);
            if (component.isEmpty()) {
                problems.add("column " + i + " '" + MessageText.of(names.get(i)) + "' has no component of its name");
            }
            component.ifPresent(columns::add);
        }
        return problems.isEmpty() ? columns : List.of();
    }

    /** The place of that name, if there is one and only one. */
    static OptionalInt find(String component, List<String> names) {
        int exact = names.indexOf(component);
        if (exact >= 0) {
            return names.lastIndexOf(component) == exact ? OptionalInt.of(exact) : OptionalInt.empty();
        }
        String folded = FeatureNames.folded(component);
        int[] alike = IntStream.range(0, names.size())
                .filter(it -> FeatureNames.folded(names.get(it)).equals(folded))
                .toArray();
        return alike.length == 1 ? OptionalInt.of(alike[0]) : OptionalInt.empty();
    }

    private void put(int place, Component component, List<String> names, Problems problems) {
        Component other = byPlace[place];
        if (other != null) {
            problems.add("components '" + other.name() + "' and '" + component.name() + "' are both '"
                    + MessageText.of(names.get(place)) + "'");
        }
        byPlace[place] = component;
    }

    Optional<Component> componentOf(int place) {
        return Optional.ofNullable(byPlace[place]);
    }
}
