package io.margay.app.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Documentation drifts: every path that it mentions must exist. */
class DocumentedPathsTest {
  private static final Path ROOT = Path.of(System.getProperty("margay.root", ".."));

  /** A relative link, or a path in code quotes that begins with something at the root. */
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(?:#[^)]*)?\\)");

  private static final Pattern QUOTED =
      Pattern.compile("`(?:\\./)?([A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*/?)`");

  @Test
  void everyPathExists() throws IOException {
    List<String> missing = new ArrayList<>();
    List<Path> documents = documents();
    assertThat(documents).isNotEmpty();
    for (Path document : documents) {
      String text = Files.readString(document);
      for (Matcher link = LINK.matcher(text); link.find(); ) {
        if (!Files.exists(document.resolveSibling(link.group(1)))) {
          missing.add(ROOT.relativize(document) + ": " + link.group(1));
        }
      }
      for (Matcher quoted = QUOTED.matcher(text); aboutAll(document) && quoted.find(); ) {
        if (isOurs(quoted.group(1)) && !exists(document, quoted.group(1))) {
          missing.add(ROOT.relativize(document) + ": " + quoted.group(1));
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT, 4)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(
              file -> !ROOT.relativize(file).toString().matches("(.*/)?(target|node_modules)/.*"))
          .sorted()
          .toList();
    }
  }

  /** Whether a document speaks of the whole repository; those of a module name its own parts. */
  private static boolean aboutAll(Path document) {
    Path folder = ROOT.relativize(document).getParent();
    return folder == null || folder.startsWith("docs");
  }

  /**
   * Whether a quoted word is a path into this repository: its first part is a folder here. What is
   * below {@code .margay} is there only while or after something ran.
   */
  private static boolean isOurs(String path) {
    int slash = path.indexOf('/');
    boolean placeholder = path.contains("NNNN") || path.startsWith(".margay/");
    return slash > 0 && !placeholder && Files.isDirectory(ROOT.resolve(path.substring(0, slash)));
  }

  private static boolean exists(Path document, String path) {
    return Files.exists(ROOT.resolve(path)) || Files.exists(document.resolveSibling(path));
  }
}
