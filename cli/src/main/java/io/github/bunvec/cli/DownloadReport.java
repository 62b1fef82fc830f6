package io.github.bunvec.cli;

import io.github.bunvec.hub.DownloadListener;

/** Shows a download: a bar for a person, and a line for everything out of the ordinary. */
final class DownloadReport implements DownloadListener, AutoCloseable {

  private final Console console;
  private final ProgressBar bar;

  DownloadReport(Console console) {
    this.console = console;
    this.bar = new ProgressBar(console);
  }

  @Override
  public void progress(String file, long done, long total) {
    bar.updateBytes(done, total);
  }

  @Override
  public void notice(String message) {
    bar.eraseBeforeMessage();
    console.err().println("bunvec: " + Display.line(message));
  }

  @Override
  public void close() {
    bar.close();
  }
}
