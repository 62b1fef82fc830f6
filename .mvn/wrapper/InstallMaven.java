import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Fetches the Maven distribution that maven-wrapper.properties names, checks its SHA-256 and unpacks it.
 *
 * <p>Written in Java because a JDK is the one tool the build may count on: no curl, no unzip.
 */
final class InstallMaven {

  /** Arguments: the properties file, the directory that becomes Maven's home. */
  public static void main(String[] args) throws Exception {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(Path.of(args[0]))) {
      properties.load(in);
    }
    String url = properties.getProperty("distributionUrl");
    String mirror = System.getenv("MVNW_REPOURL");
    if (mirror != null && !mirror.isEmpty()) {
      url = mirror + url.substring(url.indexOf("/org/apache/maven/"));
    }
    System.err.println("bunvec: fetching " + url.substring(url.lastIndexOf('/') + 1));
    byte[] archive;
    try (InputStream in = URI.create(url).toURL().openStream()) {
      archive = in.readAllBytes();
    } catch (IOException e) {
      System.err.println("bunvec: cannot fetch " + url + ": " + e);
      System.exit(1);
      return;
    }
    String found = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive));
    String expected = properties.getProperty("distributionSha256Sum");
    if (!found.equals(expected)) {
      System.err.println("bunvec: " + url + " has SHA-256 " + found + ", expected " + expected);
      System.exit(1);
    }
    install(archive, Path.of(args[1]));
  }

  /** Unpacks beside the target and moves into place, so that a broken run leaves nothing half done. */
  private static void install(byte[] archive, Path home) throws IOException {
    Files.createDirectories(home.getParent());
    Path temporary = Files.createTempDirectory(home.getParent(), "unpack");
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
        // Every entry lies under one folder, apache-maven-VERSION/.
        String name = entry.getName().substring(entry.getName().indexOf('/') + 1);
        Path target = temporary.resolve(name).normalize();
        if (!target.startsWith(temporary)) {
          throw new IOException("archive entry leaves its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(zip, target);
        }
      }
    }
    try {
      Files.move(temporary, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
      System.err.println("bunvec: another process has unpacked Maven meanwhile");
    }
  }

  private InstallMaven() {}
}
