package io.margay.store.apiserver;

import io.margay.store.apiserver.ApiClient.Answer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server of its own for each test, and a client that may use it. */
abstract class ApiServerTestBase {
  static final String TIERS = "/apis/projectcalico.org/v3/tiers";
  static final String SETS = "/apis/projectcalico.org/v3/namespaces/default/networksets";
  static final String ALL_SETS = "/apis/projectcalico.org/v3/networksets";
  static final String POLICIES = "/apis/projectcalico.org/v3/namespaces/default/networkpolicies";
  static final String NAMESPACES = "/api/v1/namespaces";

  @TempDir Path directory;
  EmbeddedApiServer server;
  ApiClient client;

  @BeforeEach
  void start() throws Exception {
    server =
        EmbeddedApiServer.start(
            new ApiServerConfig(directory, ApiServerConfig.LOOPBACK, 0, List.of(), false));
    client = ApiClient.of(server.kubeconfig());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  Answer createSet(String name, String labels) throws Exception {
    return client.post(SETS, set(name, labels));
  }

  static String set(String name, String labels) {
    return """
    {'apiVersion':'projectcalico.org/v3','kind':'NetworkSet',
     'metadata':{'name':'%s','labels':{%s}},'spec':{'nets':['10.0.0.0/8']}}
    """
        .formatted(name, labels);
  }

  static String policy(String name, String spec) {
    return """
    {'apiVersion':'projectcalico.org/v3','kind':'NetworkPolicy',
     'metadata':{'name':'%s'},'spec':{%s}}
    """
        .formatted(name, spec);
  }

  static String tier(String name, int order) {
    return """
    {'apiVersion':'projectcalico.org/v3','kind':'Tier','metadata':{'name':'%s'},
     'spec':{'order':%d}}
    """
        .formatted(name, order);
  }
}
