package io.margay.store.apiserver;

import io.margay.store.apiserver.ApiClient.Answer;
import java.nio.file.Files;
import java.nio.file.Path;

/** The main class of a child process whose API server runs out of disk. */
final class FullDiskServer {
  private static final String SETS = "/apis/projectcalico.org/v3/globalnetworksets";

  private FullDiskServer() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    int acknowledged = 0;
    try (EmbeddedApiServer server = EmbeddedApiServer.start(ApiServerConfig.local(directory));
        ApiClient client = ApiClient.of(server.kubeconfig())) {
      Answer answer = create(client, 0);
      while (answer.status() == 201 && acknowledged < 10_000) {
        acknowledged++;
        answer = create(client, acknowledged);
      }
      check(answer.status() == 503, "a full disk was answered with " + answer.response().body());
      check(answer.at("/kind").equals("Status"), "no Status: " + answer.response().body());
      check(client.get(SETS).body().path("items").size() == acknowledged, "reads differ");
      check(client.get("/readyz").status() == 200, "the server is not ready to read");
      Files.delete(directory.resolve("ballast"));
      check(create(client, acknowledged).status() == 201, "no write although there is room");
      acknowledged++;
    }
    try (EmbeddedApiServer server = EmbeddedApiServer.start(ApiServerConfig.local(directory));
        ApiClient client = ApiClient.of(server.kubeconfig())) {
      int found = client.get(SETS).body().path("items").size();
      check(found == acknowledged, "acknowledged " + acknowledged + ", found " + found);
    }
    System.out.println("OK " + acknowledged);
    System.exit(0);
  }

  private static Answer create(ApiClient client, int i) throws Exception {
    return client.post(
        SETS,
        """
        {'apiVersion':'projectcalico.org/v3','kind':'GlobalNetworkSet','metadata':
         {'name':'n%d','annotations':{'filler':'%s'}},'spec':{'nets':['10.0.0.0/8']}}
        """
            .formatted(i, "x".repeat(20_000)));
  }

  private static void check(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }
}
