package io.margay.cedar.kernel;

import static io.margay.cedar.kernel.KernelCompilerTest.AGENT;
import static io.margay.cedar.kernel.KernelCompilerTest.ENTITIES;
import static io.margay.cedar.kernel.KernelCompilerTest.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;

import io.margay.cedar.Request;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.entity.Entity;
import io.margay.cedar.eval.Authorizer;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.validate.ValidationMode;
import io.margay.cedar.validate.Validator;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.IpValue;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.StringValue;
import io.margay.cedar.value.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the kernel's rules allow, Cedar allows: for random policies, accesses and contexts. */
class KernelSoundnessTest {
  private static final List<String> PATHS =
      List.of("/a", "/a/", "/a/b", "/a/b/c", "/a/x-1", "/b", "", "/a*b");
  private static final List<String> ADDRESSES =
      List.of("10.0.0.1", "10.1.0.1", "127.0.0.1", "::1", "224.0.0.1", "2001:db8::1");
  private static final List<Long> PORTS = List.of(0L, 80L, 443L, 1024L, 65535L);
  private static final int SETS = 1_500;
  private static final int REQUESTS = 40;

  @Test
  void theKernelIsNeverWiderThanCedar() {
    long allowedByCedar = 0;
    long allowedByKernel = 0;
    for (int seed = 0; seed < SETS; seed++) {
      Random random = new Random(seed);
      String text = policies(random);
      PolicySet policies = CedarParser.policySet(new SourceText("p", text));
      if (!new Validator(SCHEMA).validate(policies, ValidationMode.STRICT).passed()) {
        continue;
      }
      KernelProgram program = new KernelCompiler(SCHEMA, policies).compile(AGENT, ENTITIES);
      Authorizer authorizer = Authorizer.of(policies);
      for (int i = 0; i < REQUESTS; i++) {
        boolean file = random.nextBoolean();
        Sample sample = file ? file(random) : network(random);
        boolean kernel = program.allows(sample.operation, sample.access);
        boolean cedar = authorizer.decide(sample.request, sample.entities).isAllowed();
        allowedByKernel += kernel ? 1 : 0;
        allowedByCedar += cedar ? 1 : 0;
        assertThat(!kernel || cedar).as(() -> text + "\n" + sample + "\n" + program).isTrue();
      }
    }
    // A compiler that allows nothing would be sound, too.
    assertThat(allowedByKernel).isGreaterThan(allowedByCedar / 3);
  }

  private record Sample(Operation operation, Access access, Request request, Entities entities) {}

  private static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static Sample file(Random random) {
    String path = pick(random, PATHS);
    EntityUid uid = EntityUid.of("File", pick(random, List.of("f", "g")));
    Map<String, Value> context = new LinkedHashMap<>();
    context.put("n", new LongValue(pick(random, List.of(0L, 5L, Long.MAX_VALUE))));
    if (random.nextBoolean()) {
      context.put("mfa", BoolValue.of(random.nextBoolean()));
    }
    Entity file = Entity.of(uid, RecordValue.of(Map.of("path", new StringValue(path))));
    boolean exec = random.nextInt(4) == 0;
    return new Sample(
        exec ? Operation.EXEC_FILE : Operation.READ_FILE,
        new Access.File(path),
        new Request(
            AGENT,
            EntityUid.of("Action", exec ? "execFile" : "readFile"),
            uid,
            RecordValue.of(context)),
        ENTITIES.with(file));
  }

  private static Sample network(Random random) {
    IpValue address = IpValue.parse(pick(random, ADDRESSES)).orElseThrow();
    long port = pick(random, PORTS);
    EntityUid host = EntityUid.of("Host", "h");
    EntityUid uid = EntityUid.of("Endpoint", "e");
    Entity endpoint =
        Entity.of(
            uid, RecordValue.of(Map.of("host", host, "ip", address, "port", new LongValue(port))));
    Entities entities = ENTITIES.with(endpoint);
    if (random.nextBoolean()) {
      entities =
          entities.with(
              Entity.of(host, RecordValue.EMPTY, EntityUid.of("DestinationSet", "approved")));
    }
    return new Sample(
        Operation.CONNECT_NETWORK,
        new Access.Network(address, port),
        new Request(AGENT, EntityUid.of("Action", "connectNetwork"), uid),
        entities);
  }

  private static String policies(Random random) {
    StringBuilder text = new StringBuilder();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      boolean file = random.nextBoolean();
      text.append(random.nextInt(3) > 0 ? "permit(" : "forbid(");
      text.append(
          pick(
              random,
              List.of(
                  "principal",
                  "principal == Agent::\"a\"",
                  "principal in Group::\"finance-agents\"",
                  "principal in Group::\"x\"",
                  "principal is Agent")));
      text.append(", action == Action::\"");
      text.append(file ? pick(random, List.of("readFile", "execFile")) : "connectNetwork");
      text.append("\", resource");
      text.append(file ? pick(random, List.of("", " is File", " == File::\"f\"")) : "").append(")");
      int conditions = random.nextInt(3);
      for (int c = 0; c < conditions; c++) {
        text.append(random.nextInt(4) > 0 ? " when { " : " unless { ");
        text.append(condition(random, file, 2)).append(" }");
      }
      text.append(";\n");
    }
    return text.toString();
  }

  private static String condition(Random random, boolean file, int depth) {
    if (depth > 0) {
      String left = condition(random, file, depth - 1);
      String right = condition(random, file, depth - 1);
      switch (random.nextInt(7)) {
        case 0, 1 -> {
          return "(" + left + " && " + right + ")";
        }
        case 2, 3 -> {
          return "(" + left + " || " + right + ")";
        }
        case 4 -> {
          return "!(" + left + ")";
        }
        case 5 -> {
          return "(if " + condition(random, file, 0) + " then " + left + " else " + right + ")";
        }
        default -> {}
      }
    }
    if (random.nextInt(6) == 0) {
      return pick(
          random,
          List.of(
              "principal.risk_level == \"low\"",
              "principal.risk_level == \"high\"",
              "true",
              "false",
              "principal in Group::\"finance-agents\""));
    }
    String path = pick(random, PATHS);
    return file
        ? pick(
            random,
            List.of(
                "resource.path == \"" + path + "\"",
                "resource.path != \"" + path + "\"",
                "resource.path like \"/a/*\"",
                "resource.path like \"*/b\"",
                "resource.path like \"/a\\*b\"",
                "[\"/a\", \"/b\"].contains(resource.path)",
                "resource has path",
                "resource == File::\"f\"",
                "(context has mfa && context.mfa)",
                "context.n + 1 > 3",
                "context.n > 3"))
        : pick(
            random,
            List.of(
                "resource.port == 443",
                "resource.port < 1024",
                "resource.port >= 443",
                "80 <= resource.port",
                "[80, 443].contains(resource.port)",
                "resource.ip.isInRange(ip(\"10.0.0.0/16\"))",
                "resource.ip == ip(\"::1\")",
                "resource.ip == ip(\"10.0.0.0/8\")",
                "resource.ip.isLoopback()",
                "resource.ip.isMulticast()",
                "resource.ip.isIpv6()",
                "resource.host in DestinationSet::\"approved\"",
                "resource.host == Host::\"h\""));
  }
}
