package io.github.bunvec.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CudaParametersTest {

  @Test
  void nothingIsTheFirstGpu() {
    assertEquals(new CudaParameters(List.of(0), 16_384, false), CudaParameters.parse(""));
  }

  @Test
  void partsComeInAnyOrder() {
    assertEquals(
        new CudaParameters(List.of(1, 0), 8192, true),
        CudaParameters.parse("gelu=tanh,1,tokens=8192,0"));
    assertEquals(new Bucket(16, 4), CudaParameters.parse("tokens=16").limit());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",",
        "0,",
        "0,0",
        "-1",
        "1 2",
        "gpu0",
        "99999",
        "tokens",
        "tokens=",
        "tokens=0",
        "tokens=15",
        "tokens=1048577",
        "tokens=99999999",
        "tokens=64,tokens=64",
        "gelu",
        "gelu=erf",
        "gelu=tanh,gelu=tanh"
      })
  void othersAreRefusedWithWhatIsExpected(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> CudaParameters.parse(text));
    String message = e.getMessage();
    assertTrue(message.contains("expected numbers of GPUs, tokens=N"), message);
  }
}
