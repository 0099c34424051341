package io.margay.store.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.store.apiserver.ApiClient.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Create, update, patch and delete over HTTP. */
final class WritesTest extends ApiServerTestBase {
  private static final String MERGE = "application/merge-patch+json";
  private static final String APPLY = "application/apply-patch+yaml";

  @Test
  void createCompletesTheObject() throws Exception {
    Answer created = client.post(POLICIES, policy("a", "'ingress':[{'action':'Allow'}]"));
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.at("/metadata/uid")).isNotEmpty();
    assertThat(created.at("/metadata/namespace")).isEqualTo("default");
    assertThat(created.at("/metadata/generation")).isEqualTo("1");
    assertThat(created.at("/metadata/labels/projectcalico.org~1tier")).isEqualTo("default");
    assertThat(created.at("/spec/tier")).isEqualTo("default");
    assertThat(created.at("/spec/types/0")).isEqualTo("Ingress");
    assertThat(client.get(POLICIES + "/a").body()).isEqualTo(created.body());
  }

  @Test
  void generatesNames() throws Exception {
    String body =
        "{'apiVersion':'projectcalico.org/v3','kind':'NetworkSet',"
            + "'metadata':{'generateName':'set-'},'spec':{}}";
    String first = client.post(SETS, body).at("/metadata/name");
    String second = client.post(SETS, body).at("/metadata/name");
    assertThat(first).matches("set-[a-z0-9]{5}").isNotEqualTo(second);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'apiVersion':'projectcalico.org/v3','kind':'NetworkSet'     | 400 | the body cannot be read
          []                                                           | 400 | not an object
          `  `                                                         | 400 | not an object
          {'apiVersion':'v1','kind':'Pod','metadata':{'name':'a'}}     | 400 | here write projectcalico.org/v3 and NetworkSet
          {'kind':'NetworkSet','metadata':{'name':'a'}}                | 400 | here write projectcalico.org/v3 and NetworkSet
          {'apiVersion':'projectcalico.org/v3','kind':'NetworkSet','metadata':{'name':'a','name':'b'}} | 400 | Duplicate field
          {'apiVersion':'projectcalico.org/v3','kind':'NetworkSet','metadata':{'name':'a','namespace':'other'}} | 400 | does not match the namespace
          {'apiVersion':'projectcalico.org/v3','kind':'NetworkSet','metadata':{'name':'a','resourceVersion':'1'}} | 400 | resourceVersion should not be set
          {'apiVersion':'projectcalico.org/v3','kind':'NetworkSet','metadata':[]} | 400 | metadata is not an object
          {'apiVersion':'projectcalico.org/v3','kind':'NetworkSet','metadata':{}} | 422 | metadata.name
          {'apiVersion':'projectcalico.org/v3','kind':'NetworkSet','metadata':{'name':'A_b'}} | 422 | metadata.name
          {'apiVersion':'projectcalico.org/v3','kind':'NetworkSet','metadata':{'name':'a'},'spec':{'nets':['10.0.0/8']}} | 422 | spec.nets[0]: Invalid value: "10.0.0/8"
          {'apiVersion':'projectcalico.org/v3','kind':'NetworkSet','metadata':{'name':'a'},'spec':{'nets':'10.0.0.0/8'}} | 422 | spec.nets
          """)
  void badObjectsAreRefusedAndChangeNothing(String body, int status, String message)
      throws Exception {
    Answer answer = client.post(SETS, body);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
    assertThat(answer.at("/kind")).isEqualTo("Status");
    assertThat(answer.at("/code")).isEqualTo("" + status);
    assertThat(answer.at("/message")).contains(message);
    assertThat(client.get(ALL_SETS).body().path("items")).isEmpty();
  }

  @Test
  void allProblemsAreToldTogether() throws Exception {
    Answer answer =
        client.post(
            POLICIES,
            policy(
                "a",
                "'selector':'app ==','ingress':[{'action':'Permit','source':{'nets':['1.2.3/8']}}]"));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body().at("/details/causes").findValuesAsText("field"))
        .contains("spec.selector", "spec.ingress[0].action", "spec.ingress[0].source.nets[0]");
  }

  @Test
  void unknownFieldsAreTreatedAsAsked() throws Exception {
    String body = policy("a", "'ordr':10,'selector':'all()'");
    Answer strict = client.post(POLICIES + "?fieldValidation=Strict", body);
    assertThat(strict.status()).isEqualTo(422);
    assertThat(strict.at("/message")).contains("spec.ordr").contains("did you mean order?");

    Answer warned = client.post(POLICIES + "?fieldValidation=Warn", body);
    assertThat(warned.status()).isEqualTo(201);
    assertThat(warned.response().headers().firstValue("Warning"))
        .hasValueSatisfying(w -> assertThat(w).contains("unknown field").contains("spec.ordr"));
    assertThat(warned.body().at("/spec").has("ordr")).isFalse();

    Answer ignored = client.post(POLICIES + "?fieldValidation=Ignore", body.replace("'a'", "'b'"));
    assertThat(ignored.status()).isEqualTo(201);
    assertThat(ignored.response().headers().firstValue("Warning")).isEmpty();
  }

  @Test
  void aPolicyOfAMissingTierIsStoredWithAWarning() throws Exception {
    Answer answer = client.post(POLICIES, policy("a", "'tier':'nowhere'"));
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.response().headers().firstValue("Warning").orElse(""))
        .contains("nowhere")
        .contains("does not exist");
  }

  @Test
  void dryRunChangesNothing() throws Exception {
    Answer answer = client.post(SETS + "?dryRun=All", set("a", ""));
    assertThat(answer.status()).isEqualTo(201);
    assertThat(client.get(SETS + "/a").status()).isEqualTo(404);
    createSet("a", "");
    assertThat(client.send("DELETE", SETS + "/a?dryRun=All", "").status()).isEqualTo(200);
    Answer patched = client.patch(SETS + "/a?dryRun=All", MERGE, "{'spec':{'nets':[]}}");
    assertThat(patched.body().at("/spec/nets")).isEmpty();
    assertThat(client.get(SETS + "/a").body().at("/spec/nets")).hasSize(1);
    assertThat(client.post(SETS + "?dryRun=Some", set("b", "")).status()).isEqualTo(400);
  }

  @Test
  void anUpdateOfAnOldVersionConflicts() throws Exception {
    ObjectNode first = (ObjectNode) createSet("a", "").body();
    client.patch(SETS + "/a", MERGE, "{'metadata':{'labels':{'x':'1'}}}");
    Answer conflict = client.put(SETS + "/a", first.toString());
    assertThat(conflict.status()).isEqualTo(409);
    assertThat(conflict.at("/reason")).isEqualTo("Conflict");
    first.withObjectProperty("metadata").remove("resourceVersion");
    assertThat(client.put(SETS + "/a", first.toString()).status()).isEqualTo(200);
    assertThat(client.put(SETS + "/none", set("none", "")).status()).isEqualTo(404);
    assertThat(client.put(SETS + "/a", set("b", "")).status()).isEqualTo(400);
  }

  @Test
  void patchesOfAllKinds() throws Exception {
    createSet("a", "'x':'1'");
    Answer merged = client.patch(SETS + "/a", MERGE, "{'metadata':{'labels':{'x':null,'y':'2'}}}");
    assertThat(merged.body().at("/metadata/labels").toString()).isEqualTo("{\"y\":\"2\"}");
    assertThat(
            client
                .patch(
                    SETS + "/a",
                    "application/json-patch+json",
                    "[{'op':'add','path':'/spec/nets/-','value':'10.1.0.0/16'}]")
                .body()
                .at("/spec/nets"))
        .hasSize(2);
    Answer strategic =
        client.patch(SETS + "/a", "application/strategic-merge-patch+json", "{'spec':{}}");
    assertThat(strategic.status()).isEqualTo(415);
    assertThat(client.patch(SETS + "/a", "text/plain", "{}").status()).isEqualTo(415);
    assertThat(client.patch(SETS + "/none", MERGE, "{}").status()).isEqualTo(404);
    Answer failed =
        client.patch(
            SETS + "/a", "application/json-patch+json", "[{'op':'remove','path':'/spec/none'}]");
    assertThat(failed.status()).isEqualTo(422);
    assertThat(failed.at("/message")).contains("/spec/none");
    assertThat(client.patch(SETS + "/a", MERGE, "{'metadata':{'name':'b'}}").status())
        .isEqualTo(400);
  }

  @Test
  void strategicMergeFollowsTheMergeKeys() throws Exception {
    String services = "/api/v1/namespaces/default/services";
    client.post(
        services,
        "{'apiVersion':'v1','kind':'Service','metadata':{'name':'web'},"
            + "'spec':{'ports':[{'name':'http','port':80},{'name':'https','port':443}]}}");
    Answer patched =
        client.patch(
            services + "/web",
            "application/strategic-merge-patch+json",
            "{'spec':{'ports':[{'port':443,'targetPort':8443},{'port':80,'$patch':'delete'}]}}");
    assertThat(patched.body().at("/spec/ports")).hasSize(1);
    assertThat(patched.at("/spec/ports/0/name")).isEqualTo("https");
    assertThat(patched.at("/spec/ports/0/targetPort")).isEqualTo("8443");
  }

  @Test
  void applyOwnsItsFields() throws Exception {
    String path = POLICIES + "/a?fieldManager=";
    String mine = policy("a", "'order':10,'selector':'all()'");
    Answer created = client.patch(path + "me", APPLY, mine);
    assertThat(created.status()).isEqualTo(201);
    Answer again = client.patch(path + "me", APPLY, mine);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.at("/metadata/resourceVersion"))
        .isEqualTo(created.at("/metadata/resourceVersion"));

    Answer conflict = client.patch(path + "you", APPLY, policy("a", "'order':20"));
    assertThat(conflict.status()).isEqualTo(409);
    assertThat(conflict.at("/details/causes/0/reason")).isEqualTo("FieldManagerConflict");
    assertThat(conflict.at("/details/causes/0/field")).isEqualTo(".spec.order");
    assertThat(conflict.at("/message")).contains("\"me\"");

    Answer forced = client.patch(path + "you&force=true", APPLY, policy("a", "'order':20"));
    assertThat(forced.at("/spec/order")).isEqualTo("20");
    Answer dropped = client.patch(path + "you", APPLY, policy("a", ""));
    assertThat(dropped.body().at("/spec").has("order")).isFalse();
    assertThat(dropped.at("/spec/selector")).isEqualTo("all()");

    assertThat(client.patch(POLICIES + "/a", APPLY, mine).status()).isEqualTo(400);
  }

  @Test
  void applyTakesYaml() throws Exception {
    String yaml =
        """
        apiVersion: projectcalico.org/v3
        kind: Tier
        metadata: {name: security}
        spec:
          order: 5
        """;
    Answer created = client.patch(TIERS + "/security?fieldManager=me", APPLY, yaml);
    assertThat(created.at("/spec/order")).isEqualTo("5");
    Answer broken = client.patch(TIERS + "/x?fieldManager=me", APPLY, "a: [1");
    assertThat(broken.status()).isEqualTo(400);
  }

  @Test
  void statusIsWrittenByItself() throws Exception {
    String pods = "/api/v1/namespaces/default/pods";
    client.post(
        pods,
        "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'},"
            + "'spec':{'containers':[{'name':'c','image':'i'}]}}");
    Answer status =
        client.patch(
            pods + "/p/status",
            MERGE,
            "{'metadata':{'labels':{'no':'no'}},'status':{'phase':'Running','podIP':'10.0.0.1'}}");
    assertThat(status.at("/status/phase")).isEqualTo("Running");
    assertThat(status.body().at("/metadata/labels").isMissingNode()).isTrue();
    Answer main = client.patch(pods + "/p", MERGE, "{'status':{'phase':'Failed'}}");
    assertThat(main.at("/status/phase")).isEqualTo("Running");
  }

  @Test
  void deletesWithPreconditions() throws Exception {
    String uid = createSet("a", "").at("/metadata/uid");
    assertThat(delete("{'preconditions':{'uid':'another'}}").status()).isEqualTo(409);
    assertThat(delete("{'preconditions':{'resourceVersion':'1'}}").status()).isEqualTo(409);
    Answer deleted =
        delete("{'preconditions':{'uid':'%s'},'propagationPolicy':'Background'}".formatted(uid));
    assertThat(deleted.at("/status")).isEqualTo("Success");
    assertThat(deleted.at("/details/uid")).isEqualTo(uid);
    assertThat(delete("{}").status()).isEqualTo(404);
  }

  private Answer delete(String options) throws Exception {
    return client.send("DELETE", SETS + "/a", options, "Content-Type", "application/json");
  }

  @Test
  void anObjectWithFinalizersGoesWithTheLastOfThem() throws Exception {
    createSet("a", "");
    client.patch(SETS + "/a", MERGE, "{'metadata':{'finalizers':['example.com/cleanup']}}");
    assertThat(client.delete(SETS + "/a").status()).isEqualTo(200);
    assertThat(client.get(SETS + "/a").at("/metadata/deletionTimestamp")).isNotEmpty();
    assertThat(
            client
                .patch(SETS + "/a", MERGE, "{'metadata':{'deletionTimestamp':null}}")
                .at("/metadata/deletionTimestamp"))
        .isNotEmpty();
    client.patch(SETS + "/a", MERGE, "{'metadata':{'finalizers':null}}");
    assertThat(client.get(SETS + "/a").status()).isEqualTo(404);
  }

  @Test
  void deletesCollectionsBySelector() throws Exception {
    createSet("a", "'old':'yes'");
    createSet("b", "'old':'yes'");
    createSet("c", "");
    assertThat(client.delete(SETS + "?labelSelector=old").status()).isEqualTo(200);
    assertThat(client.get(ALL_SETS).body().path("items")).hasSize(1);
    assertThat(client.delete(ALL_SETS).status()).isEqualTo(405);
  }

  @Test
  void namespacesHoldTheirContent() throws Exception {
    String sets = "/apis/projectcalico.org/v3/namespaces/prod/networksets";
    assertThat(client.post(sets, set("a", "")).at("/message"))
        .isEqualTo("namespaces \"prod\" not found");
    client.post(NAMESPACES, "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'prod'}}");
    assertThat(client.get(NAMESPACES + "/prod").at("/metadata/labels/kubernetes.io~1metadata.name"))
        .isEqualTo("prod");
    assertThat(client.post(sets, set("a", "")).status()).isEqualTo(201);
    assertThat(client.delete(NAMESPACES + "/prod").status()).isEqualTo(200);
    assertThat(client.get(sets + "/a").status()).isEqualTo(404);
    assertThat(client.delete(NAMESPACES + "/kube-system").status()).isEqualTo(403);
  }

  @Test
  void tiersThatAreNeededStay() throws Exception {
    assertThat(client.delete(TIERS + "/default").status()).isEqualTo(403);
    client.post(TIERS, tier("security", 10));
    client.post(POLICIES, policy("a", "'tier':'security'"));
    Answer refused = client.delete(TIERS + "/security");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.at("/message")).contains("NetworkPolicy default/a");
    client.delete(POLICIES + "/a");
    assertThat(client.delete(TIERS + "/security").status()).isEqualTo(200);
  }

  @Test
  void mediaTypesThatAreNotSpokenAreRefused() throws Exception {
    assertThat(client.send("POST", SETS, "k8s", "Content-Type", "application/cbor").status())
        .isEqualTo(415);
    assertThat(client.get(TIERS, "Accept", "application/vnd.kubernetes.protobuf").status())
        .isEqualTo(406);
    assertThat(client.get(TIERS, "Accept", "application/vnd.kubernetes.protobuf,*/*").status())
        .isEqualTo(200);
  }

  @Test
  void bodiesThatAreTooLargeAreRefusedAndTheServerGoesOn() throws Exception {
    String huge = set("a", "").replace("10.0.0.0/8", "x".repeat(20 << 20));
    Answer answer = client.post(SETS, huge);
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.at("/reason")).isEqualTo("RequestEntityTooLarge");
    String deep = "[".repeat(100_000);
    assertThat(client.post(SETS, deep).status()).isEqualTo(400);
    assertThat(client.get(SETS).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /apis/none/v1, 404",
    "GET, /api/v2, 404",
    "GET, /apis/projectcalico.org/v3/none, 404",
    "GET, /apis/projectcalico.org/v3/namespaces/default/tiers, 404",
    "GET, /apis/projectcalico.org/v3/networksets/a, 404",
    "GET, /apis/projectcalico.org/v3/tiers/default/scale, 404",
    "POST, /apis/projectcalico.org/v3/networksets, 405",
    "PUT, /apis/projectcalico.org/v3/tiers, 405",
    "DELETE, /api/v1/namespaces/default/pods/a/status, 405",
    "GET, /apis/projectcalico.org/v3/tiers?fieldSelector=spec.order=1, 400",
    "GET, /apis/projectcalico.org/v3/tiers?labelSelector=a%3D%3D%3Db, 400",
    "GET, /apis/projectcalico.org/v3/tiers?limit=many, 400",
    "GET, /apis/projectcalico.org/v3/tiers?continue=xyz, 400",
  })
  void whatIsNotThereIsToldSo(String method, String path, int status) throws Exception {
    Answer answer = client.send(method, path, "");
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
    assertThat(answer.at("/kind")).isEqualTo("Status");
  }
}
