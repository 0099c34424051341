package io.margay.agents.assess;

import io.margay.agents.audit.verify.Report;
import io.margay.agents.decide.PolicyDecider;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.model.resource.AgentPolicy;
import io.margay.model.resource.Kind;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Five questions that an auditor asks about agents, one for each pillar of accountability, and how
 * mature their governance is. All of it is computed from the registry, the policies in force and
 * the audit log; nothing is asked of people.
 *
 * @param level the highest that is reached with all below it, 0 to 4
 */
public record Assessment(int level, List<Question> questions, List<Level> levels) {

  public Assessment {
    questions = List.copyOf(questions);
    levels = List.copyOf(levels);
  }

  /** How far a question can be answered. */
  public enum Answer {
    YES,
    PARTLY,
    NO
  }

  /** A question with what answers it. */
  public record Question(String pillar, String question, List<Evidence> evidence) {
    public Question {
      evidence = List.copyOf(evidence);
    }

    /** Yes when all evidence is there, no when none is. */
    public Answer answer() {
      long met = evidence.stream().filter(Evidence::met).count();
      return met == evidence.size() ? Answer.YES : met == 0 ? Answer.NO : Answer.PARTLY;
    }
  }

  /** A level of maturity with what it takes. */
  public record Level(int level, String name, List<Evidence> criteria) {
    public Level {
      criteria = List.copyOf(criteria);
    }

    public boolean isMet() {
      return criteria.stream().allMatch(Evidence::met);
    }
  }

  /**
   * Assesses what there is now.
   *
   * @param verified what the verification of the log found
   */
  public static Assessment of(
      RegistrySnapshot registry, PolicyDecider decider, AuditFigures figures, Report verified) {
    return new Facts(registry, decider, figures, verified).assess();
  }

  /** What questions and levels ask for, each once. */
  private record Facts(
      RegistrySnapshot registry, PolicyDecider decider, AuditFigures figures, Report verified) {
    private static final Pattern NAMES_ONE_AGENT = Pattern.compile("principal\\s*==\\s*Agent::");

    Assessment assess() {
      List<Question> questions =
          List.of(
              new Question(
                  "Traceability",
                  "What happened, across every hop?",
                  List.of(recorded(), outcomes(), chains(), sealed())),
              new Question(
                  "Provenance", "On whose behalf was it done?", List.of(recorded(), users())),
              new Question(
                  "Identity and ownership",
                  "Which agent did it, and who answers for it?",
                  List.of(registered(), owned(), noneRefused(), known(), ownersRecorded())),
              new Question(
                  "Policy at scale",
                  "Which policy allowed it, and does policy hold for agents to come?",
                  List.of(named(), noBrokenPolicy(), evaluated(), byAttributes(), spokenOf())),
              new Question(
                  "Human oversight",
                  "Who could have said no, and who could have stopped it?",
                  List.of(holding(), people(), halted(), changesNamed())));
      List<Level> levels =
          List.of(
              new Level(1, "Inventoried", List.of(registered(), owned(), noneRefused())),
              new Level(2, "Recorded", List.of(recorded(), outcomes(), known(), sealed())),
              new Level(3, "Governed", List.of(named(), noBrokenPolicy(), evaluated(), users())),
              new Level(
                  4,
                  "Overseen",
                  List.of(holding(), people(), halted(), changesNamed(), byAttributes())));
      int reached = 0;
      for (Level level : levels) {
        if (!level.isMet()) {
          break;
        }
        reached = level.level();
      }
      return new Assessment(reached, questions, levels);
    }

    private Evidence recorded() {
      return Evidence.some("Decisions are recorded", figures.decisions(), Evidence.LOG);
    }

    private Evidence outcomes() {
      return Evidence.none(
          "Permitted calls of more than ten minutes ago whose end is not recorded",
          figures.withoutOutcome(),
          Evidence.LOG);
    }

    private Evidence chains() {
      return new Evidence(
          "Chains of agents are recorded",
          figures.overSeveralHops() + " calls over several agents, at most " + figures.deepest(),
          Evidence.LOG,
          figures.deepest() > 0);
    }

    private Evidence sealed() {
      return new Evidence(
          "The log verifies", verified.summary(), "verification", verified.isVerified());
    }

    private Evidence users() {
      return Evidence.all(
          "Calls that name the user on whose behalf they are made",
          figures.withUser(),
          figures.decisions(),
          Evidence.LOG);
    }

    private Evidence registered() {
      return Evidence.some("Agents are registered", registry.agents().size(), Evidence.REGISTRY);
    }

    private Evidence owned() {
      long owned =
          registry.agents().values().stream()
              .filter(agent -> !agent.spec().owner().isEmpty())
              .count();
      return Evidence.all(
          "Agents with an owner", owned, registry.agents().size(), Evidence.REGISTRY);
    }

    private Evidence noneRefused() {
      long refused =
          decider.allProblems().keySet().stream().filter(key -> key.kind() == Kind.AGENT).count();
      return Evidence.none("Agents that are refused", refused, Evidence.REGISTRY);
    }

    private Evidence known() {
      long known = figures.agents().stream().filter(registry.bySpiffeId()::containsKey).count();
      return Evidence.all(
          "Agents in the log that the registry knows",
          known,
          figures.agents().size(),
          "audit log and registry");
    }

    private Evidence ownersRecorded() {
      return Evidence.all(
          "Decisions that name the agent's owner",
          figures.withOwner(),
          figures.decisions(),
          Evidence.LOG);
    }

    private Evidence named() {
      return Evidence.all(
          "Calls that were let through or held by a named policy",
          figures.withPolicy(),
          figures.letThrough(),
          Evidence.LOG);
    }

    private Evidence noBrokenPolicy() {
      return Evidence.none(
          "Policies that are refused", decider.problems().size(), Evidence.POLICIES);
    }

    private Evidence evaluated() {
      return Evidence.none(
          "Decisions in which a policy could not be evaluated", figures.inError(), Evidence.LOG);
    }

    private Evidence byAttributes() {
      List<AgentPolicy> enforced =
          registry.policies().stream().filter(policy -> !policy.spec().staged()).toList();
      long byName =
          enforced.stream()
              .filter(policy -> NAMES_ONE_AGENT.matcher(policy.spec().cedar()).find())
              .count();
      return new Evidence(
          "Most policies speak of attributes and groups rather than of one agent",
          (enforced.size() - byName) + " of " + enforced.size(),
          Evidence.POLICIES,
          !enforced.isEmpty() && byName * 2 < enforced.size());
    }

    private Evidence spokenOf() {
      long silent =
          decider.coverage().agents().values().stream().filter(names -> names.isEmpty()).count();
      return Evidence.none("Agents of which no policy speaks", silent, Evidence.POLICIES);
    }

    private Evidence holding() {
      return Evidence.some(
          "Policies that hold calls for people", decider.holding().size(), Evidence.POLICIES);
    }

    private Evidence people() {
      return new Evidence(
          "Held calls were decided by named people",
          figures.answeredByAPerson() + " of " + figures.answered() + " that came to an end",
          Evidence.LOG,
          figures.answeredByAPerson() > 0);
    }

    private Evidence halted() {
      return Evidence.some("Halts took effect", figures.halts(), Evidence.LOG);
    }

    private Evidence changesNamed() {
      return Evidence.some(
          "Changes of policies and halts that name who wanted them",
          figures.requestedChanges(),
          Evidence.LOG);
    }
  }
}
