package io.margay.app.lab.machine;

import java.io.IOException;
import java.time.Duration;

/** The virtual machine of the lab: what runs in a launcher's pod, and moves to another one. */
interface LabMachine extends AutoCloseable {

  /** What runs, in words. */
  String kind();

  /** Starts it in its first pod and waits until it answers. */
  void start(Launcher launcher) throws IOException, InterruptedException;

  /** Prepares a pod for the machine that is still in another one. */
  void prepare(Launcher target) throws IOException, InterruptedException;

  /**
   * Moves it. When this returns it runs in the target, and nothing of it in the source.
   *
   * @return how long it stood still, as whoever moved it says
   */
  Duration migrate(Launcher source, Launcher target) throws IOException, InterruptedException;

  @Override
  void close();
}
