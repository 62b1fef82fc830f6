package io.github.bunvec.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TorchProcessTest {

  /** Answers each line by the next of these. */
  private static TorchProcess answering(String... answers) throws IOException {
    StringBuilder script = new StringBuilder();
    for (String answer : answers) {
      script.append("read -r line; printf '%s\\n' '").append(answer).append("'; ");
    }
    return new TorchProcess(List.of("/bin/sh", "-c", script.toString()));
  }

  @Test
  void aLineIsAnsweredByALine() throws IOException {
    try (TorchProcess torch = answering("{\"ok\": true, \"mode\": \"eager\"}")) {
      assertEquals("eager", torch.ask(Map.of("op", "prepare")).get("mode").getAsString());
    }
  }

  @Test
  void failuresAreTold() throws IOException {
    try (TorchProcess torch =
        answering("{\"ok\": false, \"error\": \"out of memory\"}", "what?", "{}")) {
      IOException failed = assertThrows(IOException.class, () -> torch.ask(Map.of("op", "load")));
      assertEquals("torch could not do 'load': out of memory", failed.getMessage());
      IOException strange = assertThrows(IOException.class, () -> torch.ask(Map.of("op", "load")));
      assertTrue(strange.getMessage().contains("'what?'"), strange.getMessage());
      assertThrows(IOException.class, () -> torch.ask(Map.of("op", "load")));
      IOException ended = assertThrows(IOException.class, () -> torch.ask(Map.of("op", "run")));
      assertTrue(ended.getMessage().contains("ended before it had done 'run'"));
    }
  }

  @Test
  void aMissingProgramIsTold() {
    assertThrows(IOException.class, () -> new TorchProcess(List.of("/no/such/python")));
  }
}
