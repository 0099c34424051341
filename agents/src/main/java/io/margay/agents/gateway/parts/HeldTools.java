package io.margay.agents.gateway.parts;

import io.margay.model.manifest.Problem;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.ToolServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tools that are held back, since their definitions are not the approved ones. */
final class HeldTools {
  static final String PREFIX = "sha256:";

  private static final Logger log = LoggerFactory.getLogger(HeldTools.class);

  private final Runnable changed;

  /** What tools say that were held back once, as {@code SERVER/TOOL}. */
  private final Map<String, String> hashes = new ConcurrentHashMap<>();

  /**
   * @param changed is called when something about them has
   */
  HeldTools(Runnable changed) {
    this.changed = changed;
  }

  /** A tool says something else than what was approved. */
  void held(String server, String tool, String hash) {
    if (!hash.equals(hashes.put(server + "/" + tool, hash))) {
      log.warn(
          "The definition of tool {}/{} is not the approved one and is held back; its hash is {}{}",
          server,
          tool,
          PREFIX,
          hash);
      changed.run();
    }
  }

  /** A tool says what was approved. */
  void approved(String server, String tool, String hash) {
    String before = hashes.replace(server + "/" + tool, hash);
    if (before != null && !before.equals(hash)) {
      changed.run();
    }
  }

  /**
   * What is wrong with the tools of servers, of which some tool was held back once; no problems
   * where all is well again. Of others we cannot tell.
   */
  Map<ResourceKey, List<Problem>> problems(Map<String, ToolServer> servers) {
    Map<ResourceKey, List<Problem>> problems = new HashMap<>();
    servers.forEach((name, server) -> {
      List<ToolServer.Tool> tools = server.spec().tools();
      for (int i = 0; i < tools.size(); i++) {
        String hash = hashes.get(name + "/" + tools.get(i).name());
        if (hash == null) {
          continue;
        }
        List<Problem> found = problems.computeIfAbsent(server.key(), _ -> new ArrayList<>());
        String pinned = tools.get(i).definitionHash();
        if (!pinned.isEmpty() && !withoutPrefix(pinned).equals(hash)) {
          found.add(problem(server, i, hash));
        }
      }
    });
    return problems;
  }

  private static Problem problem(ToolServer server, int index, String hash) {
    ToolServer.Tool tool = server.spec().tools().get(index);
    return new Problem(
        server.key().toString(),
        "spec.tools[" + index + "].definitionHash",
        tool.definitionHash(),
        "tool " + tool.name() + " has another definition now, and is held back",
        "read it, and write " + PREFIX + hash + " to approve it");
  }

  static String withoutPrefix(String hash) {
    return hash.startsWith(PREFIX) ? hash.substring(PREFIX.length()) : hash;
  }
}
