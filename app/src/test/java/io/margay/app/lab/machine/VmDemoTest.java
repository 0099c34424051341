package io.margay.app.lab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.app.lab.NeedsNamespaces;
import io.margay.app.process.Foreground;
import io.margay.app.state.StateFolder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Migrations with everything but a hypervisor: a namespace stands for the guest. */
@NeedsNamespaces
class VmDemoTest {
  private static final int MIGRATIONS = 3;

  @TempDir Path folder;

  @Test
  void nobodyNoticesThatTheMachineMoves() throws Exception {
    Path report = folder.resolve("report.json");
    StringWriter out = new StringWriter();
    VmDemo.Settings settings =
        new VmDemo.Settings(
            true, false, MIGRATIONS, report, new StateFolder(folder.resolve("state")));
    boolean good;
    try (Foreground foreground = Foreground.begin()) {
      good = new VmDemo(settings, foreground, new PrintWriter(out, true)).run();
    }
    assertThat(good).as(out.toString()).isTrue();
    JsonNode json = new JsonMapper().readTree(Files.readString(report));
    assertThat(json.path("migrations").asInt()).isEqualTo(MIGRATIONS);
    assertThat(json.path("sessionsKept").asInt()).isEqualTo(MIGRATIONS);
    assertThat(json.path("gapMillis")).hasSize(MIGRATIONS);
    assertThat(json.path("owners").asInt()).isEqualTo(1);
    assertThat(json.path("addressKept").asBoolean()).isTrue();
    // The forbidden was tried, or that none of it passed would say nothing.
    assertThat(json.path("deniedPacketsTried").asLong()).isPositive();
    assertThat(json.path("deniedPacketsPassed").asLong(-1)).isZero();
  }
}
