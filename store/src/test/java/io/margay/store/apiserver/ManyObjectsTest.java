package io.margay.store.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.store.apiserver.ApiClient.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand policies at once, into a durable server that somebody watches. */
final class ManyObjectsTest {
  private static final int COUNT = 10_000;
  private static final int CLIENTS = 32;
  private static final String PATH = "/apis/projectcalico.org/v3/globalnetworkpolicies";

  @TempDir Path directory;

  @Test
  void tenThousandPoliciesInOneGo() throws Exception {
    try (EmbeddedApiServer server = EmbeddedApiServer.start(ApiServerConfig.local(directory));
        ApiClient client = ApiClient.of(server.kubeconfig());
        Stream<JsonNode> frames =
            client.watch(PATH + "?watch=1&timeoutSeconds=120&resourceVersion=5")) {
      createAll(client);
      assertThat(frames.limit(COUNT).map(f -> f.at("/object/metadata/name").asText()).distinct())
          .hasSize(COUNT);
      assertThat(pages(client)).isEqualTo(COUNT);
    }
    try (EmbeddedApiServer again = EmbeddedApiServer.start(ApiServerConfig.local(directory));
        ApiClient client = ApiClient.of(again.kubeconfig())) {
      assertThat(pages(client)).isEqualTo(COUNT);
    }
  }

  private static void createAll(ApiClient client) throws Exception {
    Semaphore clients = new Semaphore(CLIENTS);
    List<Callable<Integer>> requests = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      String body =
          """
          {'apiVersion':'projectcalico.org/v3','kind':'GlobalNetworkPolicy',
           'metadata':{'name':'p%d'},
           'spec':{'order':%d,'selector':'all()','ingress':[{'action':'Allow'}]}}
          """
              .formatted(i, i);
      requests.add(() -> {
        clients.acquire();
        try {
          return client.post(PATH, body).status();
        } finally {
          clients.release();
        }
      });
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> status : threads.invokeAll(requests)) {
        assertThat(status.get()).isEqualTo(201);
      }
    }
  }

  private static int pages(ApiClient client) throws Exception {
    int seen = 0;
    String next = "";
    do {
      Answer page = client.get(PATH + "?limit=3000" + next);
      seen += page.body().path("items").size();
      String token = page.at("/metadata/continue");
      next = token.isEmpty() ? "" : "&continue=" + token;
    } while (!next.isEmpty());
    return seen;
  }
}
