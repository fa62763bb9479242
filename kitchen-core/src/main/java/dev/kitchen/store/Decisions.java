package dev.kitchen.store;

import dev.kitchen.error.MessageText;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.json.JsonTree;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.registry.VersionInfo.Status;
import dev.kitchen.registry.VersionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What each operation makes of a model as it is, or why it is refused. */
final class Decisions {

    private static final String ROLL_BACK = "rollback";

    private Decisions() {}

    /** A model that nobody registered yet. */
    static ModelInfo nothing(String model) {
        return new ModelInfo(model, true, Optional.empty(), List.of(), Map.of(), VersionPolicy.DEFAULT, List.of());
    }

    static Change register(ModelInfo model, VersionInfo version, String path, JsonTree signature, boolean activate) {
        String name = version.version();
        boolean known = Deploying.registered(
                        model, Optional.of(name), version.sha256().orElseThrow())
                .isPresent();
        boolean current = (activate || model.currentVersion().isEmpty()) && !isServing(model, name);
        List<Deed> deeds = new ArrayList<>();
        if (!known) {
            deeds.add(new Deed(model.name(), "deploy", Optional.empty(), Optional.of(name), ""));
        }
        if (current) {
            deeds.add(activation(model, name, "activate"));
        }
        UnaryOperator<JsonTree> register = known ? UnaryOperator.identity() : Edits.register(version, path);
        UnaryOperator<JsonTree> describe = known ? UnaryOperator.identity() : Edits.signature(version, signature);
        UnaryOperator<JsonTree> activateIt = current ? Edits.activate(model, name) : UnaryOperator.identity();
        return new Change(it -> activateIt.apply(describe.apply(register.apply(it))), deeds);
    }

    static Change describe(ModelInfo model, String version, DeployRequest request) {
        VersionInfo known = Lookup.version(model, version);
        UnaryOperator<JsonTree> edit = Edits.describe(model.name(), version, request);
        List<Deed> deeds = new ArrayList<>();
        if (known.status() == Status.RETIRED) {
            edit = edit.andThen(Edits.status(model.name(), version, Status.REGISTERED))::apply;
        }
        Deed deed = new Deed(model.name(), "deploy", Optional.of(version), Optional.of(version), "deployed once more");
        deeds.add(deed);
        return new Change(edit, deeds);
    }

    static Change reject(ModelInfo model, VersionInfo version, String path) {
        boolean registered = model.version(version.version())
                .filter(it -> it.status() != Status.REJECTED)
                .isPresent();
        return registered
                ? Change.NONE
                : new Change(
                        Edits.register(version, path),
                        List.of(new Deed(
                                model.name(),
                                "reject",
                                Optional.empty(),
                                Optional.of(version.version()),
                                version.reason())));
    }

    static Change activate(ModelInfo model, String version, String operation) {
        VersionInfo target = Lookup.version(model, version);
        if (target.status() == Status.REJECTED) {
            throw Lookup.conflict(Lookup.place(model.name(), version) + ": was rejected (" + target.reason()
                    + "), expected a version that proved itself");
        }
        if (isServing(model, version)) {
            return Change.NONE;
        }
        UnaryOperator<JsonTree> edit =
                operation.equals(ROLL_BACK) ? Edits.rollBack(model, version) : Edits.activate(model, version);
        return new Change(edit, List.of(activation(model, version, operation)));
    }

    private static boolean isServing(ModelInfo model, String version) {
        return model.active() && model.currentVersion().equals(Optional.of(version));
    }

    private static Deed activation(ModelInfo model, String version, String operation) {
        return new Deed(model.name(), operation, model.currentVersion(), Optional.of(version), "");
    }

    static Change offer(ModelInfo model) {
        Deed deed = new Deed(model.name(), "activate", Optional.empty(), model.currentVersion(), "offered again");
        return model.active() ? Change.NONE : new Change(Edits.offer(model.name()), List.of(deed));
    }

    static Change withdraw(ModelInfo model) {
        Deed deed = new Deed(model.name(), "deactivate", model.currentVersion(), Optional.empty(), "");
        return model.active() ? new Change(Edits.withdraw(model.name()), List.of(deed)) : Change.NONE;
    }

    static Change alias(ModelInfo model, String alias, String version) {
        Status status = Lookup.version(model, version).status();
        if (model.version(alias).isPresent()) {
            throw Lookup.conflict("model '" + model.name() + "', alias '" + MessageText.of(alias)
                    + "': is a version, expected another name");
        }
        if (status == Status.REJECTED || status == Status.RETIRED) {
            throw Lookup.conflict(Lookup.place(model.name(), version) + ": is " + status
                    + ", expected one that can be loaded for alias '" + MessageText.of(alias) + "'");
        }
        Optional<String> before = Optional.ofNullable(model.aliases().get(alias));
        return new Change(
                Edits.alias(model.name(), alias, version),
                List.of(new Deed(model.name(), "alias", before, Optional.of(version), alias)));
    }

    static Change removeAlias(ModelInfo model, String alias) {
        Optional<String> before = Optional.ofNullable(model.aliases().get(alias));
        if (before.isEmpty()) {
            throw new ModelNotFoundException("model '" + model.name() + "', alias '" + MessageText.of(alias)
                    + "': is not registered, expected one of " + model.aliases().keySet());
        }
        return new Change(
                Edits.removeAlias(model.name(), alias),
                List.of(new Deed(model.name(), "unalias", before, Optional.empty(), alias)));
    }

    static Change retire(ModelInfo model, String version) {
        VersionInfo target = Lookup.version(model, version);
        Lookup.requireUnused(model, version);
        if (target.status() == Status.REJECTED) {
            throw Lookup.conflict(Lookup.place(model.name(), version) + ": was rejected, expected one to retire");
        }
        return new Change(
                Edits.status(model.name(), version, Status.RETIRED),
                List.of(new Deed(model.name(), "retire", Optional.of(version), Optional.empty(), "")));
    }

    static Change remove(ModelInfo model, String version) {
        Lookup.version(model, version);
        Lookup.requireUnused(model, version);
        return new Change(
                Edits.remove(model, version),
                List.of(new Deed(model.name(), "delete", Optional.of(version), Optional.empty(), "")));
    }

    static Change policy(ModelInfo model, VersionPolicy policy) {
        if (policy instanceof VersionPolicy.Specific specific) {
            specific.versions().forEach(Names::requireVersion);
        }
        return new Change(
                Edits.policy(model.name(), Policies.write(policy)),
                List.of(new Deed(model.name(), "policy", Optional.empty(), Optional.empty(), policy.toString())));
    }
}
