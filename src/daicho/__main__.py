from daicho.site.cli import main

main()
