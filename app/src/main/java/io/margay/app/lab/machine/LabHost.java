package io.margay.app.lab.machine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.model.net.IpAddress;
import io.margay.network.cni.Shim;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A node, and what a container runtime does there: it calls the CNI plugin through the shim.
 *
 * @param namespace the node's
 * @param address on the fabric
 * @param cniSocket where the node process listens
 */
record LabHost(String name, NetworkNamespace namespace, IpAddress address, Path cniSocket) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Room for the 50 bytes that VXLAN adds. */
  private static final String CONFIGURATION =
      """
      {"cniVersion": "1.1.0", "name": "k8s-pod-network", "type": "margay", "mtu": 1450}
      """;

  /**
   * Attaches a pod.
   *
   * @return the plugin's result
   */
  JsonNode attach(String podNamespace, String pod, NetworkNamespace sandbox) throws IOException {
    return JSON.readTree(call("ADD", podNamespace, pod, sandbox.path().toString()));
  }

  void detach(String podNamespace, String pod, NetworkNamespace sandbox) throws IOException {
    call("DEL", podNamespace, pod, sandbox.path().toString());
  }

  private String call(String command, String podNamespace, String pod, String sandbox)
      throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put("CNI_COMMAND", command);
    environment.put("CNI_CONTAINERID", pod);
    environment.put("CNI_NETNS", sandbox);
    environment.put("CNI_IFNAME", Launcher.POD_INTERFACE);
    environment.put("CNI_ARGS", "K8S_POD_NAMESPACE=" + podNamespace + ";K8S_POD_NAME=" + pod);
    StringWriter output = new StringWriter();
    int status =
        Shim.run(
            cniSocket,
            environment,
            new ByteArrayInputStream(CONFIGURATION.getBytes(StandardCharsets.UTF_8)),
            new PrintWriter(output, true));
    if (status != 0) {
      throw new IOException("CNI " + command + " of " + pod + " on " + name + ": " + output);
    }
    return output.toString();
  }
}
