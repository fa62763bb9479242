package dev.kitchen.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PeersTest {

    @Test
    void allPeersGiveTheSameAnswers() {
        for (String name : Models.NAMES) {
            Model model = Model.of(name);
            float[] item = model.item();
            float[] expected;
            try (DjlPeer djl = new DjlPeer(model);
                    Peer predictor = djl.predictor()) {
                expected = predictor.predict(item);
            }

            assertThat(expected).hasSize(model.answers());
            assertThat(expected[0]).isBetween(0f, 1f);
            try (OfficialPeer official = new OfficialPeer(model);
                    OfficialPeer.Reused reused = official.reused()) {
                assertThat(official.predict(item)).isEqualTo(expected);
                assertThat(official.predictNested(official.nested(item))).isEqualTo(expected);
                assertThat(reused.predict(item)).isEqualTo(expected);
            }
            try (KitchenPeer kitchen = new KitchenPeer(model)) {
                assertThat(kitchen.predict(item)).isEqualTo(expected);
                assertThat(kitchen.bound().predict(item)).isEqualTo(expected);
                float[] answer = new float[model.answers()];
                assertThat(kitchen.bindings(1).<float[]>use(call -> kitchen.predict(call, item, answer)))
                        .isEqualTo(expected);
                if (model.shape().size() == 2) {
                    assertThat(kitchen.typed().predict(item)).isEqualTo(expected);
                }
            }
        }
    }
}
