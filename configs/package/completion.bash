# Completion of gigemu for bash: commands and options as its help names them.
_gigemu() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command='' one help commands
    commands=$(gigemu --help 2>/dev/null | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
    for one in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        if grep -qxF -- "$one" <<<"$commands"; then command=$one && break; fi
    done
    case $before in
        --scene) mapfile -t COMPREPLY < <(compgen -W "$(gigemu --list-scenes 2>/dev/null)" -f -- "$word") && return ;;
        --interface) mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word") && return ;;
        --log-level) mapfile -t COMPREPLY < <(compgen -W "trace debug info warning error off" -- "$word") && return ;;
        --record) mapfile -t COMPREPLY < <(compgen -W "control all" -- "$word") && return ;;
        --features) mapfile -t COMPREPLY < <(compgen -W "md json" -- "$word") && return ;;
        --schema) mapfile -t COMPREPLY < <(compgen -W "scene profile scenario" -- "$word") && return ;;
    esac
    if [[ $word == -* ]]; then
        help=$({ gigemu --help; [ -z "$command" ] || gigemu "$command" --help; } 2>/dev/null)
        mapfile -t COMPREPLY < <(compgen -W "$(grep -o -- '^  -[^ ]*' <<<"$help" | tr , '\n')" -- "$word")
    elif [ -z "$command" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}
complete -o filenames -F _gigemu gigemu
