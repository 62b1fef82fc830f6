package io.github.bunvec.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.BackendProvider;
import io.github.bunvec.engine.spi.WeightType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a user writes as a backend. */
class BackendsTest {

  private static String refusal(String text) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> EmbeddingModel.bundled("mini-ja").backend(text).build());
    return String.valueOf(e.getMessage());
  }

  @Test
  void whatIsBehindTheFirstColonIsTheBackends() {
    Backends.Choice plain = Backends.choose("reference");
    assertEquals("reference", plain.provider().name());
    assertEquals("", plain.parameters());
    assertEquals("asked for", plain.reason());
    Backends.Choice told = Backends.choose("reference:0,1,path=a:b");
    assertEquals("reference", told.provider().name());
    assertEquals("0,1,path=a:b", told.parameters());
    assertEquals("", Backends.choose("auto").parameters());
  }

  @Test
  void backendsThatTakeNoParametersSaySo() {
    assertEquals("backend 'cpu' takes no parameters, found 'x'", refusal("cpu:x"));
    assertEquals("backend 'reference' takes no parameters, found 'x=1'", refusal("reference:x=1"));
    assertEquals(
        "backend 'auto' takes no parameters, found '0'; they belong to a backend by name, as in cuda:0",
        refusal("auto:0"));
  }

  @Test
  void nothingBehindTheColonIsAnError() {
    assertEquals(
        "backend 'cpu:' has nothing behind the colon; expected parameters there, or 'cpu' alone",
        refusal("cpu:"));
    assertEquals(
        "backend 'auto' takes no parameters, found ''; they belong to a backend by name, as in cuda:0",
        refusal("auto:"));
  }

  @Test
  void anUnknownNameIsToldWithoutParameters() {
    assertEquals(
        "backend 'tpu' is not installed; there are: auto, cpu, reference", refusal("tpu:0"));
    assertEquals("backend '' is not installed; there are: auto, cpu, reference", refusal(":0"));
  }

  /** A backend that takes parameters gets them, beside the other options. */
  @Test
  void parametersArriveAtTheProvider() {
    RuntimeException seen = new RuntimeException("seen");
    BackendProvider provider =
        new BackendProvider() {
          @Override
          public String name() {
            return "listening";
          }

          @Override
          public int rank() {
            return -1;
          }

          @Override
          public Optional<String> unavailableReason() {
            return Optional.empty();
          }

          @Override
          public Backend create(BackendOptions options) {
            assertEquals(3, options.threads());
            assertEquals("0,1,tokens=8192", options.parameters());
            throw seen;
          }
        };
    EmbeddingModelBuilder builder = EmbeddingModel.bundled("mini-ja").threads(3);
    Backends.Choice choice = new Backends.Choice(provider, "0,1,tokens=8192", "for a test");
    assertEquals(seen, assertThrows(RuntimeException.class, () -> builder.build(() -> choice)));
  }

  @Test
  void optionsWithoutParametersHaveNone() {
    for (BackendOptions options :
        List.of(
            new BackendOptions(WeightType.FP32, 1),
            new BackendOptions(WeightType.FP32, Arithmetic.BF16, 1))) {
      assertEquals("", options.parameters());
      options.requireNoParameters("any");
    }
  }
}
