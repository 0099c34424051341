package io.margay.app.agents.lab;

import io.margay.agents.approval.ApprovalRefusedException;
import io.margay.app.agents.lab.GatewayClient.Task;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What happens in the company, again and again: a report through three agents, a search, a snooping
 * intern, a leak that is stopped, a payment that is approved and one that is refused.
 */
final class Story {
  private final AgentCompany company;
  private long surprises;

  Story(AgentCompany company) {
    this.company = company;
  }

  /** One round. Payments wait for Tom, who answers from another thread as people do. */
  void round() throws IOException, InterruptedException {
    expect("assistant", "report", "customer 7: Ada");
    expect("researcher", "weather", "weather: fine");
    expect("intern", "snoop", "error: ");
    expect("analyst", "leak", "error: ");
    expectAnswered("pay", "posted");
    expectAnswered("overpay", "error: ");
  }

  private void expect(String agent, String task, String begins)
      throws IOException, InterruptedException {
    note(company.agent(agent).work(company.taskOfUser(), task), begins);
  }

  private void expectAnswered(String task, String begins) throws IOException, InterruptedException {
    try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
      Task own = company.taskOfUser();
      Callable<String> work = () -> company.agent("payments").work(own, task);
      Future<String> pays = thread.submit(work);
      while (!pays.isDone()) {
        company.answerApprovals();
        Thread.sleep(20);
      }
      note(pays.get(), begins);
    } catch (ExecutionException e) {
      throw new IOException("the payment failed: " + e.getCause(), e);
    } catch (ApprovalRefusedException e) {
      throw new IOException("the approver was refused: " + e.getMessage(), e);
    }
  }

  private void note(String answer, String begins) {
    if (!answer.startsWith(begins)) {
      surprises++;
    }
  }

  /** How often something else came out than the policies say; 0, or something is wrong. */
  long surprises() {
    return surprises;
  }
}
