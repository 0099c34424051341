package io.margay.agents.gateway.mcp;

import io.margay.agents.call.Caller;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who began the sessions of the older revisions. A session's id alone gives nobody anything: it is
 * of use only to the workload and user that began it.
 */
final class Sessions {
  /** When there are more, the one that was used longest ago is forgotten, and begun anew. */
  private static final int MAX = 100_000;

  private final Map<String, String> owners =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MAX;
        }
      };

  synchronized void began(String server, String session, Caller caller) {
    owners.put(key(server, session), owner(caller));
  }

  synchronized void beganUnseen(String server, String session, Caller caller) {
    owners.putIfAbsent(key(server, session), owner(caller));
  }

  synchronized boolean isOf(String server, String session, Caller caller) {
    return owner(caller).equals(owners.get(key(server, session)));
  }

  synchronized void ended(String server, String session) {
    owners.remove(key(server, session));
  }

  private static String key(String server, String session) {
    return server + "\n" + session;
  }

  private static String owner(Caller caller) {
    return caller.workload()
        + caller.user().map(user -> "\n" + user.issuer() + "\n" + user.subject()).orElse("");
  }
}
