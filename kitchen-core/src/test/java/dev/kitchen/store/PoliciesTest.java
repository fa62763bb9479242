package dev.kitchen.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.json.JsonTree;
import dev.kitchen.registry.VersionPolicy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PoliciesTest {

    private static VersionPolicy read(String json) {
        JsonTree tree = JsonTree.parse("policy", json.getBytes(StandardCharsets.UTF_8), 1_000);
        return Policies.read("policy", Optional.of(tree));
    }

    @Test
    void whatIsWrittenIsRead() {
        List<VersionPolicy> policies = List.of(
                new VersionPolicy.All(), new VersionPolicy.Latest(3), new VersionPolicy.Specific(Set.of("2", "1")));

        assertThat(policies)
                .allSatisfy(it -> assertThat(read(Policies.write(it).toLine())).isEqualTo(it));
        assertThat(Policies.write(policies.get(2)).toLine()).isEqualTo("{\"specific\":{\"versions\":[\"1\",\"2\"]}}");
    }

    @Test
    void whereNoneIsKnownItIsTheUsualOne() {
        assertThat(Policies.read("policy", Optional.empty())).isEqualTo(VersionPolicy.DEFAULT);
        assertThat(read("{}")).isEqualTo(VersionPolicy.DEFAULT);
        assertThat(read("{\"of another tool\": 1}")).isEqualTo(VersionPolicy.DEFAULT);
        assertThat(read("{\"latest\": {\"num_versions\": 0}}")).isEqualTo(new VersionPolicy.Latest(0));
        assertThat(read("{\"latest\": {}}")).isEqualTo(new VersionPolicy.Latest(1));
    }

    @Test
    void countsThatNoIntegerHoldsAreTheMost() {
        assertThat(read("{\"latest\": {\"num_versions\": 9000000000}}"))
                .isEqualTo(new VersionPolicy.Latest(Integer.MAX_VALUE));
    }

    @Test
    void whatCannotBeIsRefusedWithItsPlace() {
        for (String json : List.of(
                "{\"latest\": {\"num_versions\": -1}}",
                "{\"latest\": {\"num_versions\": -9000000000}}",
                "{\"latest\": {\"num_versions\": \"many\"}}",
                "{\"specific\": {\"versions\": 1}}",
                "[]")) {
            assertThatThrownBy(() -> read(json))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageStartingWith("policy");
        }
    }
}
