/** bunvec-mini-ja, a small Japanese sentence-embedding model, as resources and nothing else. */
module io.github.bunvec.model.mini_ja {}
