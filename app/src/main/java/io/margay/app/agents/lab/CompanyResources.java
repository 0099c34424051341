package io.margay.app.agents.lab;

import io.margay.agents.gateway.mcp.ToolPins;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The resources of the company: who is there, and what the policies say. */
public final class CompanyResources {
  private CompanyResources() {}

  /** The policies that the demo is played with, with their tiers, groups and sets. */
  public static List<KubeObject> policies() throws IOException {
    return read("policies.yaml", Script.text("policies.yaml"));
  }

  /**
   * The agents, tool servers and models.
   *
   * @param addresses by name: of agents, tool servers, and {@code models}
   */
  static List<KubeObject> registry(
      Map<String, String> addresses, Map<String, LabToolServer> servers) throws IOException {
    String text = Script.text("company.yaml");
    for (Map.Entry<String, String> address : addresses.entrySet()) {
      text = text.replace("${" + address.getKey() + "}", address.getValue());
    }
    for (Map.Entry<String, LabToolServer> server : servers.entrySet()) {
      for (String tool : server.getValue().tools()) {
        String place = "${" + server.getKey() + "/" + tool;
        String hash = ToolPins.hash(server.getValue().definition(tool));
        String schema = server.getValue().definition(tool).path("inputSchema").toString();
        text = text.replace(place + "}", "sha256:" + hash);
        text = text.replace(place + "/arguments}", schema);
      }
    }
    return read("company.yaml", text);
  }

  private static List<KubeObject> read(String name, String text) throws IOException {
    Manifests.Result read = Manifests.read(name, text);
    if (!read.ok()) {
      throw new IOException("the company's resources are wrong: " + read.problems());
    }
    return read.objects();
  }
}
