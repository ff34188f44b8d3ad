;;; sluice.el --- null pointers and lost contexts in C, while you type  -*- lexical-binding: t -*-

;; Put this file on the load-path, then in init.el:
;;   (require 'sluice)
;;   (add-hook 'c-mode-hook #'eglot-ensure)
;; Eglot runs one server for a mode; M-x eglot with a prefix argument chooses another.

(require 'eglot)

(defgroup sluice nil "The analyzer sluice." :group 'tools)

(defcustom sluice-command '("sluice" "lsp")
  "The language server and its options, as in (\"sluice\" \"lsp\" \"-p\" \"build\")."
  :type '(repeat string))

(add-to-list 'eglot-server-programs
             (cons '(c-mode c-ts-mode) (lambda (&rest _) sluice-command)))

(provide 'sluice)
;;; sluice.el ends here
