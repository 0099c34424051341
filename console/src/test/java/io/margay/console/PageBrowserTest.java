package io.margay.console;

import io.margay.console.access.Authenticator;
import io.margay.console.access.Authorizer;
import io.margay.console.access.Identity;
import io.margay.console.access.Permissions;
import io.margay.console.signin.OneTimeLinks;
import io.margay.console.signin.PasswordFile;
import io.margay.console.signin.SignInMethods;
import io.margay.flows.FlowLimits;
import io.margay.flows.stream.FlowService;
import io.margay.store.ResourceStore;
import io.margay.store.local.MemoryStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in a real browser over a real console: runs the browser tests of {@code console/ui}.
 * They leave screenshots in {@code target/screenshots}.
 */
class PageBrowserTest {
  private static final Identity ADMIN = Identity.local("admin");
  private static final String PASSWORD = "correct horse battery staple";

  @TempDir Path folder;

  @BeforeEach
  void needABrowserAndThePage() {
    BrowserTests.needABrowserAndThePage();
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void thePagesDoWhatTheyShould() throws Exception {
    PasswordFile passwords = new PasswordFile(folder.resolve("passwords"));
    passwords.put("admin", PASSWORD.toCharArray());
    OneTimeLinks links = new OneTimeLinks(Instant::now);
    SignInMethods signIn =
        new SignInMethods(
            Permissions.NONE,
            Authenticator.NOBODY,
            false,
            Optional.of(passwords),
            Optional.empty(),
            Optional.of(links),
            Authorizer.LOCAL);
    try (ResourceStore store = new MemoryStore();
        FlowService flows = new FlowService(FlowLimits.DEFAULT, Instant::now);
        ScheduledExecutorService life = Executors.newSingleThreadScheduledExecutor()) {
      flows.start();
      LivelyShop shop = new LivelyShop(flows, store);
      life.scheduleAtFixedRate(() -> shop.goOn(Instant.now()), 0, 200, TimeUnit.MILLISECONDS);
      try (ConsoleServer console = shop.console(signIn)) {
        console.start();
        BrowserTests.run(
            Map.of(
                "MARGAY_URL",
                console.uri().toString(),
                "MARGAY_USER",
                "admin",
                "MARGAY_PASSWORD",
                PASSWORD,
                "MARGAY_LINK",
                links.issue(ADMIN)),
            "flows",
            "looks",
            "pages",
            "policies",
            "signin",
            "states");
      }
    }
  }
}
