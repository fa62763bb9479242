package dev.kitchen;

import dev.kitchen.error.MessageText;
import dev.kitchen.guard.Fallback;
import dev.kitchen.models.ModelTable;
import dev.kitchen.models.ModelVersions;
import dev.kitchen.models.ModelWatch;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.runtime.KitchenThreads;
import dev.kitchen.runtime.OpenState;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a kitchen. Safe for use by many threads. */
final class HealthReport {

    private final KitchenSettings settings;
    private final OpenState open;
    private final KitchenThreads threads;
    private final ModelTable table;
    private final ModelWatch watch;

    HealthReport(KitchenSettings settings, OpenState open, KitchenThreads threads, ModelTable table, ModelWatch watch) {
        this.settings = settings;
        this.open = open;
        this.threads = threads;
        this.table = table;
        this.watch = watch;
    }

    Health now() {
        if (open.isClosed()) {
            return new Health(Health.Status.DOWN, List.of("the kitchen is closed"));
        }
        List<String> dead = new ArrayList<>(threads.problems());
        watch.problem().ifPresent(dead::add);
        if (!dead.isEmpty()) {
            return new Health(Health.Status.DOWN, dead);
        }
        List<String> problems = new ArrayList<>(table.problems(watch.isActive()));
        problems.addAll(unusedOptions());
        table.all().forEach(model -> addUnknownFallback(model, problems));
        problems.addAll(threads.watchdog().overdueDrains());
        problems.addAll(threads.watchdog().overdueRuns());
        problems.addAll(table.batchMismatches());
        return new Health(problems.isEmpty() ? Health.Status.UP : Health.Status.DEGRADED, problems);
    }

    private List<String> unusedOptions() {
        return settings.endpoints().keySet().stream()
                .filter(name ->
                        !name.equals(EndpointOptions.ALL) && table.find(name).isEmpty())
                .sorted()
                .map(name -> "there are options for endpoint '" + MessageText.of(name) + "', but no model of that name")
                .toList();
    }

    private void addUnknownFallback(ModelVersions model, List<String> problems) {
        ModelInfo info = model.info();
        settings.options(info.name())
                .fallback()
                .flatMap(Fallback::version)
                .filter(version -> info.active() && info.resolve(version).isEmpty())
                .ifPresent(version -> problems.add("model '" + info.name() + "': falls back to '"
                        + MessageText.of(version) + "', which is no version or alias of it"));
    }
}
