package io.margay.network.cni;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The versions of the CNI specification that are spoken. */
public final class CniVersions {
  /** The newest. */
  public static final String NEWEST = "1.1.0";

  /** Oldest first. */
  static final List<String> ALL = List.of("0.3.0", "0.3.1", "0.4.0", "1.0.0", NEWEST);

  private CniVersions() {}

  /** The answer to VERSION. */
  public static ObjectNode answer() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("cniVersion", NEWEST);
    ArrayNode supported = json.putArray("supportedVersions");
    ALL.forEach(supported::add);
    return json;
  }

  /** Whether a version is this one or a later one; both are among {@link #ALL}. */
  static boolean isAtLeast(String version, String other) {
    return ALL.indexOf(version) >= ALL.indexOf(other);
  }
}
