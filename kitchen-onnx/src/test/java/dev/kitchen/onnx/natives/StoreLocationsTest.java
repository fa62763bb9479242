package dev.kitchen.onnx.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoreLocationsTest {

    private final Map<String, String> properties =
            new HashMap<>(Map.of("user.home", "/home/ada", "java.io.tmpdir", "/tmp", "user.name", "ada"));
    private final Map<String, String> environment = new HashMap<>();

    @Test
    void thePlaceTheUserChoseIsTheOnlyOne() {
        properties.put("kitchen.native.dir", "/opt/natives");

        StoreLocations locations = locations("linux-x64");

        assertThat(locations.candidates()).containsExactly(Path.of("/opt/natives"));
        assertThat(locations.chosenByUser()).isTrue();
    }

    @Test
    void isTheCacheOfTheUserAndThenTheTemporaryDirectory() {
        assertThat(locations("linux-x64").candidates())
                .containsExactly(Path.of("/home/ada/.cache/kitchen/natives"), Path.of("/tmp/kitchen-natives-ada"));
        assertThat(locations("linux-x64").chosenByUser()).isFalse();
    }

    @Test
    void followsXdgCacheHome() {
        environment.put("XDG_CACHE_HOME", "/var/cache/ada");

        assertThat(locations("linux-x64").candidates())
                .containsExactly(Path.of("/var/cache/ada/kitchen/natives"), Path.of("/tmp/kitchen-natives-ada"));
    }

    @Test
    void ignoresARelativeXdgCacheHome() {
        environment.put("XDG_CACHE_HOME", "cache");

        assertThat(locations("linux-x64").candidates().get(0)).isEqualTo(Path.of("/home/ada/.cache/kitchen/natives"));
    }

    @Test
    void followsTheCustomOfMacOs() {
        assertThat(locations("osx-aarch64").candidates().get(0))
                .isEqualTo(Path.of("/home/ada/Library/Caches/kitchen/natives"));
    }

    @Test
    void followsTheCustomOfWindows() {
        environment.put("LOCALAPPDATA", "/ada/AppData/Local");

        assertThat(locations("win-x64").candidates().get(0)).isEqualTo(Path.of("/ada/AppData/Local/kitchen/natives"));
    }

    @Test
    void aUserWithoutHomeOrNameHasOnlyTheTemporaryDirectory() {
        properties.put("user.home", "?");
        properties.put("user.name", "?");

        assertThat(locations("linux-x64").candidates()).containsExactly(Path.of("/tmp/kitchen-natives-_"));
    }

    @Test
    void theNameOfAUserLeadsNowhereElse() {
        properties.put("user.name", "../../etc/\u0000");

        assertThat(locations("linux-x64").candidates().get(1).getParent()).isEqualTo(Path.of("/tmp"));
    }

    private StoreLocations locations(String platform) {
        return StoreLocations.of(new NativePlatform(platform), properties::get, environment::get);
    }
}
