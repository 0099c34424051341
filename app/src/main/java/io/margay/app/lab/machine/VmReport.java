package io.margay.app.lab.machine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a machine's migrations did to those who talked to it, for scripts.
 *
 * @param guest what moved
 * @param routes how packets got from node to node: VXLAN or BGP
 * @param migrations how many were made
 * @param sessionsKept after how many of them the one TCP session went on
 * @param sessionLines lines that were answered in it, in order
 * @param deniedPacketsTried packets that the policies forbid
 * @param deniedPacketsPassed how many of them reached a launcher's pod; 0, or something is wrong
 * @param gapMillis of each migration, the longest time without an answer to a probe
 * @param downtimeMillis of each migration, how long the guest stood still, as the hypervisor says
 * @param addedGapMillisMedian median of the differences of these two: what the network adds
 * @param hypervisorDowntimeMillis median of the guest's stops
 * @param addressKept whether the machine has the address and the handle that it had at first
 * @param owners how many pods own the address at the end
 */
record VmReport(
    String guest,
    String routes,
    int migrations,
    int sessionsKept,
    long sessionLines,
    long probesSent,
    long probesAnswered,
    long deniedPacketsTried,
    long deniedPacketsPassed,
    List<Double> gapMillis,
    List<Double> downtimeMillis,
    double addedGapMillisMedian,
    double hypervisorDowntimeMillis,
    String address,
    boolean addressKept,
    int owners,
    String kubeconfig) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** Whether nobody noticed anything that he must not notice. */
  boolean isGood() {
    return sessionsKept == migrations && deniedPacketsPassed == 0 && addressKept && owners == 1;
  }

  void write(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(file, JSON.writeValueAsString(this) + "\n");
  }
}
